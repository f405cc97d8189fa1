# What differs between the configuration in the source tree, which keeps its files beside it, and the
# installed one, which runs as the service of systemd/sqlicorn.service: the database lives in the
# state directory, because /etc is read-only there, and the control socket is on.
function(sqlicorn_installed_config source target)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} text)
  set(wanted "path = \"sqlicorn.db\"\n" "# control_socket = ")
  set(given "path = \"/var/lib/sqlicorn/sqlicorn.db\"\n" "control_socket = ")
  foreach(old new IN ZIP_LISTS wanted given)
    string(FIND "${text}" "${old}" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "${source} has no line with ${old}")
    endif()
    string(REPLACE "${old}" "${new}" text "${text}")
  endforeach()
  file(WRITE ${target} "${text}")
endfunction()
