# The cross compiler for the MPS2 board: cmake -S . -B build/boards/mps2-an386 --toolchain boards/mps2-an386/toolchain.cmake
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-Os -g" CACHE STRING "")
set(DOORLINE_PORTS mps2-an386 CACHE STRING "")
set(DOORLINE_TESTS OFF CACHE BOOL "")
