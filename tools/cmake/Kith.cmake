# The few kinds of target that Kith is made of.

# kith_library(name SOURCES ... DEPS ...)
# Our own code, with our warnings.
function(kith_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wconversion
    -Wno-sign-conversion -Werror
    # No path of a machine in the binary.
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
endfunction()

# kith_binary(name SOURCES ... DEPS ...)
function(kith_binary name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE -Wall -Wextra -Werror)
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
endfunction()

# kith_test(name LABEL unit|db SOURCES ... DEPS ...)
# A GoogleTest binary, run as one ctest. A db test gets the private MariaDB.
function(kith_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  target_compile_options(${name} PRIVATE -Wall -Wextra -Werror)
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gmock_main)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 300)
  if(ARG_LABEL STREQUAL "db")
    set_tests_properties(${name} PROPERTIES
      FIXTURES_REQUIRED test_database
      ENVIRONMENT
      "KITH_TEST_DATABASE_FILE=${PROJECT_BINARY_DIR}/testdb/address")
  endif()
endfunction()

# kith_embed_schema(target namespace)
# Compiles schema/NNNN_*.sql of the current folder into `target`, as
# kith::<namespace>::Schema(), so that a binary carries its own migrations.
function(kith_embed_schema target namespace)
  file(GLOB files CONFIGURE_DEPENDS
    ${CMAKE_CURRENT_SOURCE_DIR}/schema/[0-9][0-9][0-9][0-9]_*.sql)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/schema.cc)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAMESPACE=${namespace}
      "-DFILES=${files}" -P ${PROJECT_SOURCE_DIR}/tools/cmake/EmbedSchema.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/tools/cmake/EmbedSchema.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
