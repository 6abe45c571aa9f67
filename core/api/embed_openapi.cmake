# cmake -DFILE=... -DOUT=... -P embed_openapi.cmake. In pieces: a string literal has its limits.
file(READ ${FILE} text HEX)
string(LENGTH "${text}" length)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${text}")
file(WRITE ${OUT} "#include \"core/api/openapi.h\"\n\nnamespace sp::api {\nnamespace {\nconstexpr char document[] = {${bytes}};\n}  // namespace\n
std::string_view openapi_document() {\n  return {document, sizeof(document)};\n}\n\n}  // namespace sp::api\n")
