# CMake's toolchain file of the footprint: Debian's gcc-arm-none-eabi with newlib-nano, for a Cortex-M4 without an operating system.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
add_compile_options(-mcpu=cortex-m4 -mthumb --specs=nano.specs)
add_link_options(-mcpu=cortex-m4 -mthumb --specs=nano.specs --specs=nosys.specs)
