# doorline_jerryscript: engine.h on JerryScript 3.0.0, which nobody packages: an installation of the user's, found by its pkg-config
# files below JERRYSCRIPT_PREFIX and nowhere else. README.md here says how to build one.
set(JERRYSCRIPT_PREFIX "" CACHE PATH "Where JerryScript is installed; empty: as the environment says")
set(prefix ${JERRYSCRIPT_PREFIX})
if(NOT prefix)
  set(prefix $ENV{JERRYSCRIPT_PREFIX})
endif()
# What an earlier run found, perhaps elsewhere.
unset(__pkg_config_checked_JERRY_CORE CACHE)
unset(JERRY_CORE_FOUND CACHE)
unset(pkgcfg_lib_JERRY_CORE_jerry-core CACHE)
if(prefix AND PkgConfig_FOUND)
  set(ENV{PKG_CONFIG_LIBDIR} ${prefix}/lib/pkgconfig)
  # An installation may have been moved since its prefix was written into those files.
  list(APPEND PKG_CONFIG_ARGN --define-prefix)
  pkg_check_modules(JERRY_CORE QUIET IMPORTED_TARGET libjerry-core)
  list(REMOVE_ITEM PKG_CONFIG_ARGN --define-prefix)
  unset(ENV{PKG_CONFIG_LIBDIR})
endif()
if(NOT JERRY_CORE_FOUND)
  message(STATUS "JerryScript is missing: name its installation in JERRYSCRIPT_PREFIX (hal/jerryscript-bindings/README.md)")
else()
  set(jerryscript_bindings buffers collected engine faults literals natives port twins)
  list(TRANSFORM jerryscript_bindings PREPEND hal/jerryscript-bindings/)
  list(TRANSFORM jerryscript_bindings APPEND .c)
  # Objects, not an archive: the engine and its port ask for each other.
  add_library(doorline_jerryscript OBJECT ${jerryscript_bindings})
  target_compile_definitions(doorline_jerryscript PRIVATE DOORLINE_JERRYSCRIPT_VERSION="${JERRY_CORE_VERSION}")
  target_link_libraries(doorline_jerryscript PUBLIC PkgConfig::JERRY_CORE m PRIVATE doorline_strict doorline_native doorline_twins)
  target_link_options(doorline_jerryscript PUBLIC -Wl,--wrap=ecma_gc_run -Wl,--wrap=ecma_free_unused_memory)
  add_native_test(jerryscript_engine_test test/native/jerryscript/engine_test.c test/native/fake_device.c
    LINK doorline_jerryscript)
  add_native_test(jerryscript_image_tool test/native/jerryscript/image_tool.c test/native/fake_device.c
    LINK doorline_jerryscript doorline_native)
  # Tests make many more buffers than a device. The engine's library needs that of mathematics behind it.
  add_library(jerryscript_core INTERFACE)
  target_link_libraries(jerryscript_core INTERFACE PkgConfig::JERRY_CORE m)
  add_native_test(jerryscript_portable_tool test/native/jerryscript/portable_tool.c test/native/fake_device.c
    hal/jerryscript-bindings/buffers.c hal/jerryscript-bindings/port.c hal/jerryscript-bindings/twins.c
    LINK doorline_twins jerryscript_core)
  if(TARGET jerryscript_portable_tool)
    target_compile_definitions(jerryscript_portable_tool PRIVATE JERRYSCRIPT_BUFFER_OCTETS=16777216)
  endif()
endif()
