# doorline_lua: engine.h on Lua 5.4, whose source tools/native/lua-source.sh fetches. lua_core: the files of Lua that it needs, no
# library but lauxlib; what nothing calls (the compiler, when LUA_RUNS_BYTECODE is 0) the linker leaves out.
set(LUA_SOURCE ${CMAKE_SOURCE_DIR}/build/sources/lua-5.4/src CACHE PATH "The source of Lua 5.4")
if(NOT EXISTS ${LUA_SOURCE}/lvm.c)
  message(STATUS "Lua's source is missing: bash tools/native/lua-source.sh")
else()
  # On processors of 32 bits so are Lua's numbers, as LUA_32BITS of luaconf.h has them: a value takes 8 octets in place of 16. The
  # firmware's numbers are narrower still. That line is the only one that differs from Lua's source.
  set(lua_directory ${LUA_SOURCE})
  if(CMAKE_SIZEOF_VOID_P EQUAL 4)
    set(lua_directory ${CMAKE_BINARY_DIR}/lua-32)
    file(COPY ${LUA_SOURCE}/ DESTINATION ${lua_directory})
    file(READ ${LUA_SOURCE}/luaconf.h configuration)
    string(REGEX REPLACE "(#define LUA_32BITS[ \t]+)0" "\\11" configuration "${configuration}")
    file(WRITE ${lua_directory}/luaconf.h "${configuration}")
  endif()
  set(lua_files lapi lauxlib lcode lctype ldebug ldo ldump lfunc lgc llex lmem lobject lopcodes lparser lstate lstring ltable
    ltm lundump lvm lzio)
  list(TRANSFORM lua_files PREPEND ${lua_directory}/)
  list(TRANSFORM lua_files APPEND .c)
  add_library(lua_core STATIC ${lua_files})
  target_include_directories(lua_core SYSTEM PUBLIC ${lua_directory})
  # Runs repeat; nothing from the wire ever becomes a text of Lua, so that there is nothing to protect by chance.
  target_compile_options(lua_core PRIVATE "-Dluai_makeseed(state)=0x646f6f72u")
  # The interpreter is the one part that is worth more flash than -Os gives it, 0.7 KB. GCC's own advice for code with computed gotos is to
  # leave -fgcse out: with it -O2 is slower than -Os.
  if(CMAKE_C_COMPILER_ID STREQUAL GNU AND NOT CMAKE_BUILD_TYPE STREQUAL Debug)
    set_source_files_properties(${lua_directory}/lvm.c ${lua_directory}/ldo.c ${lua_directory}/ltm.c
      PROPERTIES COMPILE_OPTIONS "-O2;-fno-gcse")
  endif()

  set(lua_bindings arena buffers engine image linked load natives parts settle twins)
  list(TRANSFORM lua_bindings PREPEND hal/lua-bindings/)
  list(TRANSFORM lua_bindings APPEND .c)
  add_library(doorline_lua STATIC ${lua_bindings})
  target_link_libraries(doorline_lua PUBLIC lua_core PRIVATE doorline_strict doorline_native doorline_twins m)

  add_native_test(lua_arena_test test/native/lua/arena_test.c hal/lua-bindings/arena.c)
  add_native_test(lua_engine_test test/native/lua/engine_test.c test/native/fake_device.c LINK doorline_lua)
  add_native_test(lua_image_tool test/native/lua/image_tool.c test/native/fake_device.c LINK doorline_lua
    doorline_native)
  # The same, with the linked part in a flash that the tool plays.
  add_native_test(lua_linked_tool test/native/lua/linked_tool.c test/native/fake_device.c ${lua_bindings}
    LINK lua_core doorline_twins doorline_flash m)
  if(TARGET lua_linked_tool)
    target_compile_definitions(lua_linked_tool PRIVATE _GNU_SOURCE LUA_LINKED_IN_FLASH=1)
  endif()
  # Tests make many more buffers than a device, and say more of Lua's library.
  add_native_test(lua_portable_tool test/native/lua/portable_tool.c hal/lua-bindings/buffers.c hal/lua-bindings/twins.c
    ${lua_directory}/lbaselib.c ${lua_directory}/lstrlib.c ${lua_directory}/ltablib.c LINK lua_core doorline_twins m)
  if(TARGET lua_portable_tool)
    target_compile_definitions(lua_portable_tool PRIVATE LUA_BUFFER_OCTETS=16777216)
    set_source_files_properties(${lua_directory}/lbaselib.c ${lua_directory}/lstrlib.c ${lua_directory}/ltablib.c
      PROPERTIES COMPILE_OPTIONS -w)
  endif()
endif()
