# The cross compiler for the MPS2 board with a Cortex-M7. Lua's numbers that are no integers have 64 bits and are rare: single precision runs
# on an FPU of either kind.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-Os -g" CACHE STRING "")
set(DOORLINE_PORTS mps2-an500 CACHE STRING "")
set(DOORLINE_TESTS OFF CACHE BOOL "")
