# doorline-footprint-<vm>: the shell of a VM with its program on a board that has nothing, and the linker's map of it beside it. For
# `npm run footprint`, which reads the map.
foreach(vm ${DOORLINE_VM})
  if(TARGET doorline_${vm})
    set(footprint doorline-footprint-${vm})
    add_executable(${footprint} test/native/footprint/null_port.c)
    target_link_libraries(${footprint} PRIVATE doorline_strict doorline_native doorline_program doorline_${vm})
    target_link_options(${footprint} PRIVATE -Wl,-Map=${CMAKE_BINARY_DIR}/${footprint}.map)
  endif()
endforeach()
