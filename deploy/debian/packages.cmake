# Debian packages, by `cpack` in a build folder: wonbond (the server, its unit and settings), wonbon
# (the command), libwonbon-client-dev (the library for C++ programs, and the contract).
install(FILES ${CMAKE_CURRENT_LIST_DIR}/../systemd/wonbond.service
        DESTINATION lib/systemd/system COMPONENT server)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/../systemd/wonbond.sysusers
        DESTINATION lib/sysusers.d RENAME wonbond.conf COMPONENT server)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/lintian-overrides DESTINATION share/lintian/overrides
        RENAME wonbond COMPONENT server)
install(FILES README.md README.ko.md CHANGELOG.md SECURITY.md DESTINATION share/doc/wonbond
        COMPONENT server)
set(CPACK_PACKAGE_CONTACT "wonbon maintainers <maintainers@wonbon.invalid>")
# What Debian's tools read; what changed is for people, in CHANGELOG.md.
string(TIMESTAMP changed "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(CONFIGURE OUTPUT changelog @ONLY CONTENT "wonbon (@PROJECT_VERSION@) bookworm; urgency=medium

  * See CHANGELOG.md in /usr/share/doc/wonbond.

 -- @CPACK_PACKAGE_CONTACT@  @changed@
")
execute_process(COMMAND gzip -9nf changelog WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}
                COMMAND_ERROR_IS_FATAL ANY)
foreach(package IN ITEMS server:wonbond client:wonbon dev:libwonbon-client-dev)
  string(REPLACE ":" ";" package ${package})
  list(GET package 0 component)
  list(GET package 1 name)
  install(FILES ${CMAKE_CURRENT_LIST_DIR}/copyright ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz
          DESTINATION share/doc/${name} COMPONENT ${component})
endforeach()

# What each program is made of, in SPDX: known once it is built. Asked of Ninja. Not among the
# documents, which slim images leave out.
foreach(program IN ITEMS server:wonbond client:wonbon)
  string(REPLACE ":" ";" program ${program})
  list(GET program 0 component)
  list(GET program 1 name)
  install(CODE "execute_process(
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/../sbom ${CMAKE_BINARY_DIR} ${component}/${name}
    OUTPUT_FILE ${CMAKE_BINARY_DIR}/${name}.spdx.json COMMAND_ERROR_IS_FATAL ANY)"
    COMPONENT ${component})
  install(FILES ${CMAKE_BINARY_DIR}/${name}.spdx.json DESTINATION share/sbom COMPONENT ${component})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME wonbon)
set(CPACK_PACKAGE_VENDOR wonbon)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR OFF)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL server client dev)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)

set(CPACK_DEBIAN_SERVER_PACKAGE_NAME wonbond)
set(CPACK_COMPONENT_SERVER_DESCRIPTION
    "Near-duplicate detection for Korean news, over gRPC
Holds an index of articles in memory and their texts on disk. A call that
submits an article answers with its cluster, the canonical copy, and how and
why they are related.")
set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA
    "${CMAKE_CURRENT_LIST_DIR}/conffiles;${CMAKE_CURRENT_LIST_DIR}/postinst;${CMAKE_CURRENT_LIST_DIR}/prerm;${CMAKE_CURRENT_LIST_DIR}/postrm")
set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS "systemd-standalone-sysusers | systemd")
set(CPACK_DEBIAN_SERVER_PACKAGE_SUGGESTS wonbon)

set(CPACK_DEBIAN_CLIENT_PACKAGE_NAME wonbon)
set(CPACK_COMPONENT_CLIENT_DESCRIPTION
    "Command-line client of wonbond
Imports, checks, compares and exports articles, and looks at clusters.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libwonbon-client-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libgrpc++-dev, libprotobuf-dev, libabsl-dev")
set(CPACK_COMPONENT_DEV_DESCRIPTION
    "C++ client library of wonbond
Headers, a static library, its CMake package, and the contract for other
languages.")
include(CPack)
