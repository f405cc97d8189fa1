# What differs between the configuration in the source tree, which keeps its files beside it, and the
# installed one, which runs as the service of systemd/sqlicorn.service: the database lives in the
# state directory, because /etc is read-only there, the control socket is on, and the user is the
# unit's.
function(sqlicorn_installed_config source target)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} text)
  set(wanted "path = \"sqlicorn.db\"\n" "# control_socket = "
      "# user = \"www-data\"        # who the workers are when root starts the server\; owns the database files\n")
  set(given "path = \"/var/lib/sqlicorn/sqlicorn.db\"\n" "control_socket = "
      "# There is no user here: the service runs as one of its own (DynamicUser in its unit).\n")
  foreach(old new IN ZIP_LISTS wanted given)
    string(FIND "${text}" "${old}" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "${source} has no line with ${old}")
    endif()
    string(REPLACE "${old}" "${new}" text "${text}")
  endforeach()
  file(WRITE ${target} "${text}")
endfunction()

# Installs files into a directory whose files people edit: one that is there and differs stays, and
# the new one lies beside it as NAME.new.
function(sqlicorn_install_kept destination)
  foreach(file ${ARGN})
    install(CODE "
      set(new \"${file}\")
      set(directory \"${destination}\")
      get_filename_component(name \"\${new}\" NAME)
      set(old \"\$ENV{DESTDIR}\${directory}/\${name}\")
      set(rename \"\${name}\")
      if(EXISTS \"\${old}\")
        file(SHA256 \"\${old}\" of_old)
        file(SHA256 \"\${new}\" of_new)
        if(NOT of_old STREQUAL of_new)
          set(rename \"\${name}.new\")
          message(STATUS \"Kept: \${old} (the new one is \${rename})\")
        endif()
      endif()
      file(INSTALL DESTINATION \"\${directory}\" TYPE FILE RENAME \"\${rename}\" FILES \"\${new}\")")
  endforeach()
endfunction()

# Installs a unit from its template. Written when it is installed: `cmake --install --prefix` may
# name another place than the build did.
function(sqlicorn_install_unit template config_directory)
  get_filename_component(name ${template} NAME_WLE)
  install(CODE "
    set(SQLICORN_BINDIR \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
    set(SQLICORN_CONFDIR \"${config_directory}\")
    configure_file(\"${template}\" \"${CMAKE_BINARY_DIR}/installed/${name}\" @ONLY)")
  install(FILES ${CMAKE_BINARY_DIR}/installed/${name} DESTINATION lib/systemd/system)
endfunction()
