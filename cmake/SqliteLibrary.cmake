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

add_library(sqlite_amalgamation STATIC ${sqlite_dir}/sqlite3.c)
target_include_directories(sqlite_amalgamation SYSTEM PUBLIC ${sqlite_dir})
# Without what is ours to warn about: it is not our code.
target_compile_options(sqlite_amalgamation PRIVATE -w)
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
          # One connection, one thread, one process: nothing is shared inside the library.
          SQLITE_THREADSAFE=2
          SQLITE_DEFAULT_MEMSTATUS=0
          SQLITE_OMIT_SHARED_CACHE
          SQLITE_OMIT_LOAD_EXTENSION
          # What schemas that work with the distributions' library may use.
          SQLITE_ENABLE_COLUMN_METADATA
          SQLITE_ENABLE_DBSTAT_VTAB
          SQLITE_ENABLE_FTS3
          SQLITE_ENABLE_FTS3_PARENTHESIS
          SQLITE_ENABLE_FTS5
          SQLITE_ENABLE_MATH_FUNCTIONS
          SQLITE_ENABLE_RTREE
          SQLITE_USE_URI=1
          SQLITE_MAX_VARIABLE_NUMBER=250000)
find_package(Threads REQUIRED)
target_link_libraries(sqlite_amalgamation PUBLIC Threads::Threads m)
add_library(SQLite::SQLite3 ALIAS sqlite_amalgamation)
