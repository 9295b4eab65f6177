# doorline_native: what every port and VM shares. doorline_twins: what the VMs share. doorline_program: the program that is linked
# in, or none.
add_library(doorline_native STATIC hal/native/program.c hal/native/program_board.c hal/native/shell.c
  hal/native/memory_report.c hal/native/event_names.c hal/native/news.c)
target_link_libraries(doorline_native PRIVATE doorline_strict)

# doorline_flash: records and program slots, for boards that have no files.
add_library(doorline_flash STATIC hal/native/flash.c hal/native/record_store.c hal/native/slots.c
  hal/native/program_partition.c)
target_link_libraries(doorline_flash PRIVATE doorline_strict PUBLIC doorline_native)

add_library(doorline_twins STATIC hal/native/twin_g711.c hal/native/twin_hashes.c hal/native/twin_octets.c
  hal/native/twin_samples.c)
target_link_libraries(doorline_twins PRIVATE doorline_strict)

add_library(doorline_program STATIC hal/native/linked_program.c)
target_link_libraries(doorline_program PRIVATE doorline_strict)
if(DOORLINE_PROGRAM)
  get_filename_component(program ${DOORLINE_PROGRAM} ABSOLUTE BASE_DIR ${CMAKE_SOURCE_DIR})
  set_source_files_properties(hal/native/linked_program.c PROPERTIES
    COMPILE_DEFINITIONS "DOORLINE_PROGRAM=\"${program}\"" OBJECT_DEPENDS ${program})
endif()
