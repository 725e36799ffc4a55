# The page of --html: made from web/ by npm's tools, embedded in the command. A release has it ready
# in web/dist, which is used as long as it fits the sources beside it; it needs neither npm nor a
# network.

set(BUDDY_PAGE_SOURCE ${PROJECT_BINARY_DIR}/generated/page_template.cpp)
set(BUDDY_PAGE_FOLDER ${PROJECT_BINARY_DIR}/web) # where node_modules/ is

if(NOT BUDDY_HTML)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/no_page_template.cpp.in ${BUDDY_PAGE_SOURCE} COPYONLY)
  return()
endif()

set(web ${PROJECT_SOURCE_DIR}/web)
file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS ${web}/src/*)
list(APPEND page_sources ${web}/build.mjs ${web}/page.html ${web}/package.json
     ${web}/package-lock.json ${web}/.npmrc ${PROJECT_SOURCE_DIR}/LICENSE)
# One digest of all that the page is made of.
list(SORT page_sources)
set(digests)
foreach(file IN LISTS page_sources)
  file(SHA256 ${file} digest)
  cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE name)
  string(APPEND digests "${digest} ${name}\n")
endforeach()
string(SHA256 page_digest "${digests}")

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page_sources})

set(BUDDY_PAGE_SHIPPED OFF CACHE INTERNAL "the page is not made by npm here")
if(EXISTS ${web}/dist/page_template.cpp AND EXISTS ${web}/dist/digest)
  file(STRINGS ${web}/dist/digest shipped_digest LIMIT_COUNT 1)
  if(shipped_digest STREQUAL page_digest)
    message(STATUS "Page of --html: web/dist, as this release brings it")
    set(BUDDY_PAGE_SOURCE ${web}/dist/page_template.cpp)
    set(BUDDY_PAGE_SHIPPED ON CACHE INTERNAL "")
    return()
  endif()
  message(STATUS "Page of --html: web/ differs from what web/dist was made of; made anew by npm")
endif()

find_program(BUDDY_NODE NAMES node nodejs)
find_program(BUDDY_NPM npm)
if(NOT BUDDY_NODE OR NOT BUDDY_NPM)
  message(FATAL_ERROR "node or npm is missing (they make the pages of --html) install nodejs 18 or "
                      "newer and npm, build from a release, which brings its page along, or build "
                      "without pages: -DBUDDY_HTML=OFF")
endif()
execute_process(COMMAND ${BUDDY_NODE} --version OUTPUT_VARIABLE node_version
                OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REPLACE "v" "" node_version "${node_version}")
if(node_version VERSION_LESS 18)
  message(FATAL_ERROR "node ${node_version} is too old (the pages of --html need 18) install a newer "
                      "one, or build without pages: -DBUDDY_HTML=OFF")
endif()

set(manifest package.json package-lock.json .npmrc)
if(BUDDY_TESTS)
  set(omitted) # the tests drive a browser
else()
  set(omitted --omit=dev)
endif()

# npm works where it finds package.json, and must not write into the sources.
set(copies)
foreach(file IN LISTS manifest)
  list(APPEND copies COMMAND ${CMAKE_COMMAND} -E copy ${web}/${file} ${BUDDY_PAGE_FOLDER}/${file})
endforeach()
list(TRANSFORM manifest PREPEND ${web}/ OUTPUT_VARIABLE manifest_files)
set(BUDDY_PAGE_MODULES ${BUDDY_PAGE_FOLDER}/installed)
add_custom_command(
  OUTPUT ${BUDDY_PAGE_MODULES}
  ${copies}
  # Nothing that comes from a registry runs while it is installed.
  COMMAND ${BUDDY_NPM} ci --ignore-scripts --prefer-offline --loglevel=error ${omitted}
  COMMAND ${CMAKE_COMMAND} -E touch ${BUDDY_PAGE_MODULES}
  DEPENDS ${manifest_files}
  WORKING_DIRECTORY ${BUDDY_PAGE_FOLDER}
  COMMENT "Installing what the page is made of (npm ci)"
  VERBATIM)
file(MAKE_DIRECTORY ${BUDDY_PAGE_FOLDER})

add_custom_command(
  OUTPUT ${BUDDY_PAGE_SOURCE}
  COMMAND ${BUDDY_NODE} ${web}/build.mjs ${BUDDY_PAGE_FOLDER} ${BUDDY_PAGE_SOURCE}
  DEPENDS ${BUDDY_PAGE_MODULES} ${page_sources}
  COMMENT "Making the page of --html"
  VERBATIM)

if(PROJECT_IS_TOP_LEVEL)
  # `./dev dist`: the sources with this page in them.
  file(WRITE ${PROJECT_BINARY_DIR}/generated/page_digest "${page_digest}\n")
  add_custom_target(
    dist
    COMMAND bash ${PROJECT_SOURCE_DIR}/packaging/dist.sh ${PROJECT_SOURCE_DIR} ${PROJECT_VERSION}
            ${BUDDY_PAGE_SOURCE} ${PROJECT_BINARY_DIR}/generated/page_digest
            ${PROJECT_BINARY_DIR}/buddy-${PROJECT_VERSION}.tar.gz
    DEPENDS ${BUDDY_PAGE_SOURCE}
    COMMENT "Packing the release"
    VERBATIM)
endif()
