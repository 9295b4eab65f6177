# What the boards have in common that are an MPS2 with one or another FPGA image: device.h on the bare board, with lwIP of Debian's source
# package. DOORLINE_LAYOUT chooses the linker script, which is of the board's own folder.
set(DOORLINE_LAYOUT large CACHE STRING "small: 512 KB of flash, 256 KB of RAM; large: all that the board has")
set(DOORLINE_SOUND shared CACHE STRING "shared: rings in memory, for QEMU; i2s: the codec of the real board")
set(LWIP_SOURCE ${CMAKE_SOURCE_DIR}/build/sources/lwip/src CACHE PATH "The source of lwIP 2.1")
if(NOT EXISTS ${LWIP_SOURCE}/core/init.c)
  message(FATAL_ERROR "lwIP's source is missing: bash tools/native/lwip-source.sh")
endif()

set(lwip_files
  core/def.c core/inet_chksum.c core/init.c core/ip.c core/mem.c core/memp.c core/netif.c core/pbuf.c core/tcp.c core/tcp_in.c
  core/tcp_out.c core/timeouts.c core/udp.c
  core/ipv4/dhcp.c core/ipv4/etharp.c core/ipv4/icmp.c core/ipv4/ip4.c core/ipv4/ip4_addr.c core/ipv4/ip4_frag.c
  core/ipv6/ethip6.c core/ipv6/icmp6.c core/ipv6/inet6.c core/ipv6/ip6.c core/ipv6/ip6_addr.c core/ipv6/ip6_frag.c
  core/ipv6/mld6.c core/ipv6/nd6.c netif/ethernet.c)
list(TRANSFORM lwip_files PREPEND ${LWIP_SOURCE}/)
add_library(lwip STATIC ${lwip_files})
# Ours first: lwip/lwip/dhcp.h stands before lwIP's.
target_include_directories(lwip SYSTEM PUBLIC ${CMAKE_CURRENT_LIST_DIR}/lwip ${LWIP_SOURCE}/include)
target_compile_options(lwip PRIVATE -w)
# The small layout has less of everything (lwip/lwipopts.h).
target_compile_definitions(lwip PUBLIC DOORLINE_SMALL_LAYOUT=$<STREQUAL:${DOORLINE_LAYOUT},small>)

# The board is named by its folder.
get_filename_component(board ${CMAKE_CURRENT_SOURCE_DIR} NAME)
# What its programs call it (tools/build/board-name.ts).
set(name ${board})
if(DOORLINE_LAYOUT STREQUAL small)
  string(APPEND name -small)
elseif(DOORLINE_SOUND STREQUAL i2s)
  string(APPEND name -hardware)
endif()
set(port_files
  clock.c console.c endpoint.c entropy.c ethernet.c fault.c flash_memory.c i2c.c life.c linked.c log.c mpu.c network.c paint.c pins.c
  programs.c stack.c start.c storage.c tcp.c udp.c update.c)
if(DOORLINE_SOUND STREQUAL i2s)
  list(APPEND port_files i2s.c)
else()
  list(APPEND port_files audio.c)
endif()
list(TRANSFORM port_files PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
add_library(port_${board} STATIC ${port_files})
target_link_libraries(port_${board} PRIVATE doorline_strict PUBLIC doorline_flash doorline_native
  doorline_twins lwip)
target_compile_definitions(port_${board} PRIVATE DOORLINE_BOARD="${name}")
target_link_options(port_${board} PUBLIC -nostartfiles -L${CMAKE_CURRENT_SOURCE_DIR} -L${CMAKE_CURRENT_LIST_DIR} -T${DOORLINE_LAYOUT}.ld
  -Wl,--fatal-warnings,--build-id=sha1)
if(NOT DOORLINE_SOUND STREQUAL i2s)
  target_link_options(port_${board} PUBLIC -Wl,--defsym=on_sound=on_fault)
endif()
# A block and twice as much for what comes meanwhile are RAM.
if(DOORLINE_LAYOUT STREQUAL small)
  target_compile_definitions(port_${board} PUBLIC DOORLINE_UPDATE_BLOCK_OCTETS=256
    DOORLINE_TCP_CONNECTIONS=2)
endif()
if(TARGET doorline_lua)
  # A loop is ended by the watchdog; the program runs where it lies.
  target_compile_definitions(doorline_lua PRIVATE LUA_RUNS_BYTECODE=0 LUA_BOOT_INSTRUCTIONS=0 LUA_POLL_INSTRUCTIONS=0)
  if(DOORLINE_LAYOUT STREQUAL small)
    # What the small device needs, and a tenth of it more in the arena.
    target_compile_definitions(doorline_lua PRIVATE LUA_LINKED_IN_FLASH=1 LUA_BUFFER_OCTETS=75*1024
      LUA_ARENA_OCTETS=132*1024)
    # The VM asks the port where the linked part lies.
    target_link_libraries(doorline_lua INTERFACE port_${board})
  endif()
endif()
# system.c stands in the executable itself, so that the C library finds it before its own.
set(PORT_${board}_MAIN ${CMAKE_CURRENT_LIST_DIR}/main.c ${CMAKE_CURRENT_LIST_DIR}/system.c PARENT_SCOPE)
