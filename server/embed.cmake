# Writes files as C++ can include them, a line each: {"index.html", {"\x3c...", 4711}},
#
# usage: cmake -DOUTPUT=FILE "-DFILES=FILE;..." -P embed.cmake
set(lines)
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  file(READ ${file} bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
  string(APPEND lines "{\"${name}\", {\"${bytes}\", ${size}}},\n")
endforeach()
file(WRITE ${OUTPUT} "${lines}")
