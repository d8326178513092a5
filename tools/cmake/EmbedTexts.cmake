# Script: writes OUTPUT, a C++ file in which FUNCTION of HEADER returns the names
# and the texts of FILES, in the order of the names.
set(text "#include \"${HEADER}\"\n\nnamespace kith::gateway {\n\n")
string(APPEND text "const std::vector<std::pair<std::string, std::string>>&\n")
string(APPEND text "${FUNCTION}() {\n  static const auto* const texts =\n")
string(APPEND text "      new std::vector<std::pair<std::string, std::string>>{\n")
list(SORT FILES)
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} content)
  string(APPEND text "          {\"${name}\", R\"text(${content})text\"},\n")
endforeach()
string(APPEND text "      };\n  return *texts;\n}\n\n}  // namespace kith::gateway\n")
file(WRITE ${OUTPUT} "${text}")
