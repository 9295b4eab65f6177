# The C tests of what ports and VMs share, and of the ports. Those of a VM are in its own .cmake file.
add_native_test(program_test test/native/program_test.c LINK doorline_native)
add_native_test(news_test test/native/news_test.c hal/native/news.c)
add_native_test(shell_test test/native/shell_test.c LINK doorline_native)
add_native_test(twins_test test/native/twins_test.c LINK doorline_twins doorline_native)
# With a flash that is played by the test.
add_native_test(record_store_test test/native/record_store_test.c test/native/model_flash.c LINK doorline_flash)
foreach(name slots program_partition)
  add_native_test(${name}_test test/native/${name}_test.c test/native/model_flash.c test/native/model_programs.c LINK doorline_flash)
endforeach()
foreach(name configuration storage wav sockets audio)
  add_native_test(linux_${name}_test test/native/linux/${name}_test.c LINK port_linux)
endforeach()
# With the clock played by the test.
add_native_test(linux_watchdog_test test/native/linux/watchdog_test.c boards/linux/watchdog.c boards/linux/problem.c)
target_compile_definitions(linux_watchdog_test PRIVATE _GNU_SOURCE)
# The MPS2 board around it is played by the test.
add_native_test(mps2_update_test test/native/mps2/update_test.c boards/mps2-an386/update.c LINK doorline_native)
# The MPS2's drivers, with the chips behind the registers played by the test.
set(mps2 boards/mps2-an386)
set(model test/native/mps2/model)
add_native_test(mps2_ethernet_test test/native/mps2/ethernet_test.c ${model}_registers.c ${model}_lan9118.c ${mps2}/ethernet.c)
add_native_test(mps2_i2c_test test/native/mps2/i2c_test.c ${model}_registers.c ${model}_i2c.c ${mps2}/i2c.c ${mps2}/pins.c)
add_native_test(mps2_cmsdk_test test/native/mps2/cmsdk_test.c ${model}_registers.c ${mps2}/clock.c ${mps2}/console.c ${mps2}/life.c
  LINK doorline_native)
add_native_test(mps2_i2s_test test/native/mps2/i2s_test.c ${model}_registers.c ${model}_i2s.c ${mps2}/i2s.c)
add_native_test(mps2_mpu_test test/native/mps2/mpu_test.c ${model}_registers.c ${mps2}/mpu.c)
# Of the small layout, as numbers.
target_compile_options(mps2_mpu_test PRIVATE -fno-pie)
target_link_options(mps2_mpu_test PRIVATE -no-pie -Wl,--defsym=memory_flash_start=0 -Wl,--defsym=memory_flash_octets=0x80000
  -Wl,--defsym=memory_ram_start=0x20000000 -Wl,--defsym=memory_ram_octets=0x40000)
foreach(name cmsdk ethernet i2c i2s mpu)
  target_compile_definitions(mps2_${name}_test PRIVATE DOORLINE_MODEL_REGISTERS)
endforeach()
if(ALSA_FOUND)
  add_native_test(linux_alsa_test test/native/linux/alsa_test.c LINK port_linux)
  # With libasound played by the test: only its header is used.
  add_native_test(linux_alsa_card_test test/native/linux/alsa_card_test.c boards/linux/audio.c boards/linux/audio_alsa.c
    boards/linux/audio_paced.c boards/linux/wav.c boards/linux/problem.c)
  target_compile_definitions(linux_alsa_card_test PRIVATE DOORLINE_ALSA _GNU_SOURCE)
  target_include_directories(linux_alsa_card_test PRIVATE ${ALSA_INCLUDE_DIRS})
endif()
if(GPIOD_FOUND)
  # With libgpiod played by the test: only its header is used.
  add_native_test(linux_gpiod_test test/native/linux/gpiod_test.c boards/linux/pins.c boards/linux/pins_gpiod.c
    boards/linux/problem.c)
  target_compile_definitions(linux_gpiod_test PRIVATE DOORLINE_GPIOD _GNU_SOURCE)
  target_include_directories(linux_gpiod_test PRIVATE ${GPIOD_INCLUDE_DIRS})
endif()
