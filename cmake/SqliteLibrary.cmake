# Defines SQLite::SQLite3: the system's library, or one compiled from the amalgamation (sqlite3.c and
# sqlite3.h) in the directory SQLICORN_SQLITE_AMALGAMATION.

set(SQLICORN_SQLITE_AMALGAMATION "" CACHE PATH "Directory of sqlite3.c and sqlite3.h to build with")
set(sqlite_needed 3.38)

if(SQLICORN_SQLITE_AMALGAMATION STREQUAL "")
  find_package(SQLite3 ${sqlite_needed} REQUIRED)
  return()
endif()

set(sqlite_dir ${SQLICORN_SQLITE_AMALGAMATION})
foreach(file sqlite3.c sqlite3.h)
  if(NOT EXISTS ${sqlite_dir}/${file})
    message(FATAL_ERROR "SQLICORN_SQLITE_AMALGAMATION: there is no ${file} in '${sqlite_dir}'")
  endif()
endforeach()
file(STRINGS ${sqlite_dir}/sqlite3.h line REGEX "^#define SQLITE_VERSION +\"")
string(REGEX MATCH "[0-9.]+" sqlite_version "${line}")
if(sqlite_version VERSION_LESS sqlite_needed)
  message(FATAL_ERROR "SQLICORN_SQLITE_AMALGAMATION: SQLite ${sqlite_version} is older than ${sqlite_needed}")
endif()
message(STATUS "SQLite ${sqlite_version} is built from ${sqlite_dir}")

# The worker calls SQLite a few hundred times for a request: with the code of both at hand when the
# program is linked, the compiler looks across.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(SQLICORN_LTO -flto=auto -ffat-lto-objects)
endif()

add_library(sqlite_amalgamation STATIC ${sqlite_dir}/sqlite3.c)
target_include_directories(sqlite_amalgamation SYSTEM PUBLIC ${sqlite_dir})
# -w: it is not our code to warn about.
target_compile_options(sqlite_amalgamation PRIVATE -w ${SQLICORN_LTO})
# Hardened as the distributions' library is. All that our own code has costs a read 8 % more: it zeroes
# every local array.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(
    sqlite_amalgamation PRIVATE -O3 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
                                -fstack-clash-protection -fcf-protection=full)
endif()
target_compile_definitions(
  sqlite_amalgamation
  PRIVATE # What the system has; the amalgamation does not look. Without USLEEP a busy wait sleeps
          # whole seconds, without FDATASYNC every commit writes the inode too.
          HAVE_USLEEP=1
          HAVE_FDATASYNC=1
          HAVE_GMTIME_R=1
          HAVE_LOCALTIME_R=1
          HAVE_MALLOC_USABLE_SIZE=1
          HAVE_STRCHRNUL=1
          # What SQLite's page on compile-time options recommends and is true here.
          SQLITE_DEFAULT_MEMSTATUS=0 # a worker asks for the account where a heap limit needs it
          SQLITE_DQS=0 # as every connection of ours asks for: "text" is a name, and no text
          SQLITE_LIKE_DOESNT_MATCH_BLOBS # as in the distributions' library
          SQLITE_OMIT_DEPRECATED # we call none of it
          SQLITE_OMIT_SHARED_CACHE # a worker's connections share nothing
          # Of the same page, and not true here: THREADSAFE=0 (the pragma `threads` sorts in threads; a
          # worker without it says so when it starts, which saves the mutexes too), USE_ALLOCA (a
          # statement may run on a small stack), OMIT_PROGRESS_CALLBACK (which ends the long ones),
          # OMIT_AUTOINIT (the system's library is used by the same code), OMIT_DECLTYPE (against
          # COLUMN_METADATA), MAX_EXPR_DEPTH=0 (a limit that costs nothing), DEFAULT_WAL_SYNCHRONOUS=1
          # (who sets nothing keeps every commit).
          SQLITE_THREADSAFE=2
          SQLITE_OMIT_LOAD_EXTENSION # no statement loads code
          # What schemas and statements that work with the distributions' library may use.
          SQLITE_ENABLE_COLUMN_METADATA
          SQLITE_ENABLE_DBSTAT_VTAB
          SQLITE_ENABLE_FTS3
          SQLITE_ENABLE_FTS3_PARENTHESIS
          SQLITE_ENABLE_FTS5
          SQLITE_ENABLE_MATH_FUNCTIONS
          SQLITE_ENABLE_RTREE
          SQLITE_SOUNDEX
          SQLITE_USE_URI=1
          SQLITE_MAX_VARIABLE_NUMBER=250000)
# DELETE … LIMIT is in a parser that was made for it alone.
file(STRINGS ${sqlite_dir}/sqlite3.c capable_parser REGEX "^#define SQLITE_UDL_CAPABLE_PARSER 1")
if(capable_parser)
  target_compile_definitions(sqlite_amalgamation PRIVATE SQLITE_ENABLE_UPDATE_DELETE_LIMIT)
endif()
find_package(Threads REQUIRED)
target_link_libraries(sqlite_amalgamation PUBLIC Threads::Threads m)
add_library(SQLite::SQLite3 ALIAS sqlite_amalgamation)
