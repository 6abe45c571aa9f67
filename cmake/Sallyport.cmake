# The few verbs that every folder's CMakeLists.txt uses.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)

# Flags that apply to our code and to nobody else's.
add_library(sp_flags INTERFACE)
target_compile_options(sp_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2 -Werror
  # TRY is a GNU statement expression; clang says so at every use under -Wpedantic.
  # A TRY whose value is not wanted is what it is for; g++ watches over dropped results.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-gnu-statement-expression;-Wno-unused-result>)
target_compile_definitions(sp_flags INTERFACE SALLYPORT_VERSION="${PROJECT_VERSION}")
target_include_directories(sp_flags INTERFACE ${PROJECT_SOURCE_DIR})
if(MOLD)
  target_link_options(sp_flags INTERFACE -fuse-ld=mold)
endif()
if(SP_SANITIZE)
  target_compile_options(sp_flags INTERFACE -fsanitize=${SP_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(sp_flags INTERFACE -fsanitize=${SP_SANITIZE})
  if(SP_SANITIZE MATCHES undefined)
    target_compile_options(sp_flags INTERFACE -fno-sanitize-recover=all)
  endif()
endif()
if(SP_BUILD_FUZZERS)
  target_compile_options(sp_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# sp_library(base_secret SOURCES secret.cpp DEPS sp::base_result OpenSSL::Crypto)
# makes the target sp::base_secret, one CTest case `unit.<name>` of the *_test.cpp beside it,
# and one fuzz program for each *_fuzz.cpp. TEST_DEPS are linked into the tests alone.
function(sp_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;TEST_DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(sp_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(sp_${name} PUBLIC ${ARG_DEPS} PRIVATE sp_flags)
  else()
    add_library(sp_${name} INTERFACE)
    target_link_libraries(sp_${name} INTERFACE ${ARG_DEPS})
  endif()
  add_library(sp::${name} ALIAS sp_${name})

  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  if(SP_BUILD_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE sp_${name} sp_flags sp::testing_main ${ARG_TEST_DEPS})
    add_test(NAME unit.${name} COMMAND ${name}_test WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 300)
  endif()

  file(GLOB fuzzers CONFIGURE_DEPENDS *_fuzz.cpp)
  if(SP_BUILD_FUZZERS)
    foreach(source IN LISTS fuzzers)
      cmake_path(GET source STEM target)
      add_executable(${target} ${source})
      target_link_libraries(${target} PRIVATE sp_${name} sp_flags)
      target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()

# sp_page(edge_web "recipient's page")
# builds the page of this folder by node into the build folder and compiles it into sp::edge_web (base/http/files.h).
function(sp_page name comment)
  set(page_cpp ${CMAKE_CURRENT_BINARY_DIR}/page/assets.cpp)
  file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS src/* ${PROJECT_SOURCE_DIR}/tools/web/*)
  add_custom_command(
    OUTPUT ${page_cpp}
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/build.sh ${CMAKE_CURRENT_BINARY_DIR}/page
    COMMAND ${CMAKE_COMMAND} -E touch ${page_cpp}
    DEPENDS ${page_sources} ${CMAKE_CURRENT_SOURCE_DIR}/build.sh ${CMAKE_CURRENT_SOURCE_DIR}/build.mjs
            ${CMAKE_CURRENT_SOURCE_DIR}/csp.txt ${CMAKE_CURRENT_SOURCE_DIR}/package-lock.json
    COMMENT ${comment}
    VERBATIM)
  sp_library(${name} SOURCES ${page_cpp} DEPS sp::base_http)
endfunction()

# sp_program(sallyport-core SOURCES main.cpp DEPS sp::core_program)
function(sp_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} sp_flags)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()
