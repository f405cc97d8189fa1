# How the rooms of the house are built: one static library each, the same strict warnings for all.

add_library(sqlicorn_flags INTERFACE)
target_include_directories(sqlicorn_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(
  sqlicorn_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2
                           -Wimplicit-fallthrough -Wnon-virtual-dtor -Wold-style-cast
                           -Woverloaded-virtual -Werror)
target_compile_definitions(sqlicorn_flags INTERFACE SQLICORN_VERSION="${PROJECT_VERSION}")

# Hardening of release builds (OpenSSF guide, what gcc 12 knows). fortify needs optimisation, and
# sanitizers replace it.
add_library(sqlicorn_hardening INTERFACE)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(
    sqlicorn_hardening
    INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS -fstack-protector-strong
              -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero
              -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing)
  target_link_options(sqlicorn_hardening INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
                      -Wl,-z,nodlopen -Wl,--as-needed)
endif()
include(CheckPIESupported)
check_pie_supported()

# What most sources include, parsed once: half of the compiler's time went there. A source includes
# what it uses all the same; the preset tsan builds without.
set(COMMON_HEADERS <algorithm> <array> <chrono> <cstdint> <functional> <memory> <optional> <span>
                   <string> <string_view> <utility> <variant> <vector> <fmt/format.h>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(sqlicorn_flags INTERFACE -fpch-preprocess)  # for ccache
endif()
add_library(sqlicorn_headers STATIC ${CMAKE_SOURCE_DIR}/cmake/precompiled.cc)
target_link_libraries(sqlicorn_headers PRIVATE sqlicorn_flags sqlicorn_hardening fmt::fmt)
target_precompile_headers(sqlicorn_headers PRIVATE ${COMMON_HEADERS})

# sqlicorn_room(NAME SOURCES a.cc … [PUBLIC lib …] [PRIVATE lib …])
# PUBLIC: rooms below this one. PRIVATE: the C or third-party library only this room may include.
function(sqlicorn_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(sqlicorn_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(sqlicorn_${name} PUBLIC sqlicorn_flags ${ROOM_PUBLIC}
                                         PRIVATE sqlicorn_hardening ${ROOM_PRIVATE})
  target_precompile_headers(sqlicorn_${name} REUSE_FROM sqlicorn_headers)
  if(name MATCHES "^(sqlite|worker.*)$")
    target_compile_options(sqlicorn_${name} PRIVATE ${SQLICORN_LTO})
  elseif(name MATCHES "^(config|ctl|master_(control|start)|loadgen|loadgen_(page|plan|report|results|selftest|tune))$")
    # No request waits for these rooms: a third less to compile is worth more than their speed.
    target_compile_options(sqlicorn_${name} PRIVATE -O1)
  endif()
endfunction()

# sqlicorn_program(NAME SOURCES a.cc … LIBS lib …)
function(sqlicorn_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${PROGRAM_SOURCES})
  target_link_libraries(${name} PRIVATE sqlicorn_flags sqlicorn_hardening ${PROGRAM_LIBS})
  target_link_options(${name} PRIVATE ${SQLICORN_LTO})
endfunction()

# sqlicorn_runs_once(a.cc …): sources of this folder that run once in a process and are dear to
# optimise, as those of CLI11 are.
function(sqlicorn_runs_once)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O1)
endfunction()

# What tests are compiled with: they run for seconds and are built often.
function(sqlicorn_test_options target)
  target_compile_options(${target} PRIVATE -O0)
  target_link_options(${target} PRIVATE -fno-lto)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  if(NOT target STREQUAL sqlicorn_test_headers)
    target_precompile_headers(${target} REUSE_FROM sqlicorn_test_headers)
  endif()
endfunction()

# sqlicorn_test_library(NAME SOURCES a.cc … LIBS lib …): what several test programs share.
function(sqlicorn_test_library name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LIBS" ${ARGN})
  add_library(sqlicorn_${name} STATIC ${TEST_SOURCES})
  target_link_libraries(sqlicorn_${name} PUBLIC sqlicorn_flags ${TEST_LIBS} GTest::gtest)
  sqlicorn_test_options(sqlicorn_${name})
endfunction()

# sqlicorn_test(NAME SOURCES a_test.cc … LIBS lib …): one GoogleTest program, every test a ctest test.
function(sqlicorn_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE sqlicorn_flags ${TEST_LIBS} GTest::gtest_main)
  sqlicorn_test_options(${name})
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()
