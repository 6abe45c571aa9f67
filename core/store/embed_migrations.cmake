# cmake -DFOLDER=... -DOUT=... -P embed_migrations.cmake: one C++ file with all migrations in it.
file(GLOB files ${FOLDER}/*.sql)
list(SORT files)
set(entries "")
foreach(file IN LISTS files)
  cmake_path(GET file STEM stem)
  if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
    message(FATAL_ERROR "${file}: a migration is named NNNN_name.sql")
  endif()
  set(number "${CMAKE_MATCH_1}")
  set(name "${CMAKE_MATCH_2}")
  string(REGEX REPLACE "^0+" "" number "${number}")
  file(READ ${file} text)
  string(APPEND entries "    Migration{${number}, \"${name}\", R\"migration(${text})migration\"},\n")
endforeach()
file(WRITE ${OUT} "#include <array>\n\n#include \"core/store/migrations.h\"\n
namespace sp::store {\nnamespace {\nconstexpr std::array all{\n${entries}};\n}  // namespace\n
std::span<const Migration> migrations() {\n  return all;\n}\n\n}  // namespace sp::store\n")
