# Finds llhttp and defines Llhttp::llhttp and Llhttp_VERSION.
#
# 1. libllhttp-dev 9 or newer, where the distribution has it, is linked as it is.
# 2. Otherwise the C sources that Debian 12's node-llhttp ships are compiled. Version 8 as shipped
#    is lenient in ways that allow request smuggling, so they are built in strict mode.
#    (What strict mode still lets through is refused by common/http/line_guard.)

find_path(Llhttp_INCLUDE_DIR llhttp.h PATHS /usr/share/include/llhttp)
find_library(Llhttp_LIBRARY llhttp)
find_path(Llhttp_SOURCE_DIR llhttp.c PATHS /usr/share/llhttp NO_DEFAULT_PATH)

if(Llhttp_INCLUDE_DIR)
  foreach(part MAJOR MINOR PATCH)
    file(STRINGS ${Llhttp_INCLUDE_DIR}/llhttp.h line REGEX "#define LLHTTP_VERSION_${part} +[0-9]+")
    string(REGEX MATCH "[0-9]+" Llhttp_${part} "${line}")
  endforeach()
  set(Llhttp_VERSION ${Llhttp_MAJOR}.${Llhttp_MINOR}.${Llhttp_PATCH})
endif()

if(Llhttp_LIBRARY AND Llhttp_VERSION VERSION_GREATER_EQUAL 9)
  set(Llhttp_FROM library)
elseif(Llhttp_SOURCE_DIR AND Llhttp_INCLUDE_DIR)
  set(Llhttp_FROM sources)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  Llhttp
  REQUIRED_VARS Llhttp_FROM Llhttp_INCLUDE_DIR
  VERSION_VAR Llhttp_VERSION
  REASON_FAILURE_MESSAGE "install libllhttp-dev (version 9 or newer) or node-llhttp")

if(Llhttp_FOUND AND NOT TARGET Llhttp::llhttp)
  if(Llhttp_FROM STREQUAL "library")
    add_library(Llhttp::llhttp UNKNOWN IMPORTED)
    set_target_properties(Llhttp::llhttp PROPERTIES IMPORTED_LOCATION ${Llhttp_LIBRARY})
    target_include_directories(Llhttp::llhttp SYSTEM INTERFACE ${Llhttp_INCLUDE_DIR})
  else()
    add_library(llhttp_strict STATIC ${Llhttp_SOURCE_DIR}/api.c ${Llhttp_SOURCE_DIR}/http.c
                                     ${Llhttp_SOURCE_DIR}/llhttp.c)
    target_include_directories(llhttp_strict SYSTEM PUBLIC ${Llhttp_INCLUDE_DIR})
    target_compile_definitions(llhttp_strict PUBLIC LLHTTP_STRICT_MODE=1)
    target_compile_options(llhttp_strict PRIVATE -w)
    add_library(Llhttp::llhttp ALIAS llhttp_strict)
  endif()
endif()

mark_as_advanced(Llhttp_INCLUDE_DIR Llhttp_LIBRARY Llhttp_SOURCE_DIR)
