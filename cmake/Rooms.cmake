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
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(
    sqlicorn_flags
    INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS -fstack-protector-strong
              -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero
              -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing)
  target_link_options(sqlicorn_flags INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
                      -Wl,-z,nodlopen -Wl,--as-needed)
endif()
include(CheckPIESupported)
check_pie_supported()

# sqlicorn_room(NAME SOURCES a.cc … [PUBLIC lib …] [PRIVATE lib …])
# PUBLIC: rooms below this one. PRIVATE: the C or third-party library only this room may include.
function(sqlicorn_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(sqlicorn_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(sqlicorn_${name} PUBLIC sqlicorn_flags ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE})
endfunction()

# sqlicorn_program(NAME SOURCES a.cc … LIBS lib …)
function(sqlicorn_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${PROGRAM_SOURCES})
  target_link_libraries(${name} PRIVATE sqlicorn_flags ${PROGRAM_LIBS})
endfunction()

# sqlicorn_test(NAME SOURCES a_test.cc … LIBS lib …): one GoogleTest program, every test a ctest test.
function(sqlicorn_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE sqlicorn_flags ${TEST_LIBS} GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()
