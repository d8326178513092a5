# The few kinds of target that Kith is made of.

# Precompiled headers: most of the compiler's time goes into headers of others
# (docs/performance.md). One set for code that knows messages alone, one for code
# that knows gRPC, one for tests. They hide a missing #include from g++; clang-tidy,
# which goes without them, finds most.
set(KITH_HEADERS_messages
  <algorithm> <cstdint> <functional> <map> <memory> <optional> <set> <string>
  <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/container/flat_hash_set.h>
  <absl/functional/any_invocable.h> <absl/functional/function_ref.h>
  <absl/random/random.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
  <absl/strings/str_join.h> <absl/strings/str_split.h>
  <absl/synchronization/mutex.h> <absl/synchronization/notification.h>
  <absl/time/clock.h> <absl/time/time.h> <absl/types/span.h>
  <absl/types/variant.h> <kith/changes/v1/changes_service.pb.h>
  <kith/config/v1/config.pb.h> <kith/contacts/v1/contacts_service.pb.h>
  <kith/gateway/v1/gateway_service.pb.h>
  <kith/identity/v1/identity_service.pb.h>
  <kith/interactions/v1/interactions_service.pb.h>)
set(KITH_HEADERS_grpc ${KITH_HEADERS_messages} <grpcpp/grpcpp.h>
  <kith/changes/v1/changes_service.grpc.pb.h>
  <kith/contacts/v1/contacts_service.grpc.pb.h>
  <kith/gateway/v1/gateway_service.grpc.pb.h>
  <kith/identity/v1/identity_service.grpc.pb.h>
  <kith/interactions/v1/interactions_service.grpc.pb.h>)
set(KITH_HEADERS_tests ${KITH_HEADERS_grpc} <gmock/gmock.h> <gtest/gtest.h>)

# kith_precompiled_headers(kind DEPS ...)
# Defines the target kith_headers_<kind>, whose header kith_library and the like
# use.
function(kith_precompiled_headers kind)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/headers_${kind}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "")
  add_library(kith_headers_${kind} OBJECT ${source})
  target_link_libraries(kith_headers_${kind} PUBLIC ${ARG_DEPS})
  target_precompile_headers(kith_headers_${kind}
    PRIVATE ${KITH_HEADERS_${kind}})
  set_target_properties(kith_headers_${kind} PROPERTIES CXX_COMPILER_LAUNCHER
    "${PROJECT_SOURCE_DIR}/tools/cmake/write_anew;${CMAKE_CXX_COMPILER_LAUNCHER}")
endfunction()

# Sources are compiled several at a time, as one unit (CMAKE_UNITY_BUILD): what
# headers instantiate is then instantiated once for all of them. So names in
# anonymous namespaces are told apart within a folder. The warning takes a source
# that another one includes for a header.
set(KITH_UNITY_OPTIONS $<$<BOOL:${CMAKE_UNITY_BUILD}>:-Wno-subobject-linkage>)

# kith_library(name [GRPC | TESTS] SOURCES ... DEPS ...)
# Our own code, with our warnings. GRPC: it includes gRPC. TESTS: it is linked
# into tests alone.
function(kith_library name)
  cmake_parse_arguments(ARG "GRPC;TESTS" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wconversion
    -Wno-sign-conversion -Werror ${KITH_UNITY_OPTIONS}
    # No path of a machine in the binary.
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
  if(ARG_TESTS)
    target_precompile_headers(${name} REUSE_FROM kith_headers_tests)
  elseif(ARG_GRPC)
    target_precompile_headers(${name} REUSE_FROM kith_headers_grpc)
  else()
    target_precompile_headers(${name} REUSE_FROM kith_headers_messages)
  endif()
endfunction()

# kith_binary(name SOURCES ... DEPS ...)
# With gperftools' malloc, as messages are many small allocations; a sanitizer
# has its own.
function(kith_binary name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE -Wall -Wextra -Werror ${KITH_UNITY_OPTIONS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    target_link_libraries(${name} PRIVATE PkgConfig::TCMALLOC)
  endif()
endfunction()

# All that kith_test makes, and what of it is for ThreadSanitizer, which is told
# of Abseil's locks by the functions named in abseil_tsan.cc.
add_custom_target(cpp_tests)
add_custom_target(tsan_tests)
set(abseil_tsan ${PROJECT_SOURCE_DIR}/tools/sanitizers/abseil_tsan.cc)
add_library(abseil_tsan OBJECT EXCLUDE_FROM_ALL ${abseil_tsan})
file(STRINGS ${abseil_tsan} wrapped REGEX "^KITH_WRAP.N")
list(TRANSFORM wrapped REPLACE "^KITH_WRAP.(NK?), ([A-Za-z0-9_]+),$"
  "_Z\\14absl7debian3\\2")
list(TRANSFORM wrapped PREPEND "LINKER:--wrap=")
target_link_options(abseil_tsan INTERFACE ${wrapped})

# kith_test(name [TSAN] LABEL unit|db SOURCES ... DEPS ...)
# A GoogleTest binary, run as one ctest. A db test gets the private MariaDB.
# TSAN: threads run in it, and none of them is gRPC's, which is built without
# ThreadSanitizer; so the preset tsan has it.
function(kith_test name)
  cmake_parse_arguments(ARG "TSAN" "LABEL" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  target_compile_options(${name} PRIVATE -Wall -Wextra -Werror ${KITH_UNITY_OPTIONS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gmock_main)
  target_precompile_headers(${name} REUSE_FROM kith_headers_tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 300)
  add_dependencies(cpp_tests ${name})
  if(ARG_TSAN)
    set_property(TEST ${name} APPEND PROPERTY LABELS tsan)
    add_dependencies(tsan_tests ${name})
    target_link_libraries(${name} PRIVATE $<$<BOOL:${KITH_TSAN}>:abseil_tsan>)
  endif()
  if(ARG_LABEL STREQUAL "db")
    set_tests_properties(${name} PROPERTIES
      FIXTURES_REQUIRED test_database
      ENVIRONMENT
      "KITH_TEST_DATABASE_FILE=${PROJECT_BINARY_DIR}/testdb/address")
  endif()
endfunction()

# kith_long_test(name ENVIRONMENT var=value ...)
# A db test once more, with more to do, as name_long: ./dev test --long.
function(kith_long_test name)
  cmake_parse_arguments(ARG "" "" "ENVIRONMENT" ${ARGN})
  add_test(NAME ${name}_long CONFIGURATIONS Long COMMAND ${name})
  get_test_property(${name} ENVIRONMENT environment)
  set_tests_properties(${name}_long PROPERTIES
    LABELS long TIMEOUT 7200 FIXTURES_REQUIRED test_database
    ENVIRONMENT "${environment};${ARG_ENVIRONMENT}")
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
