# Faster builds where ccache and mold are installed; nothing depends on them.
find_program(CCACHE ccache)
if(CCACHE)
  # ccache takes precompiled headers only when told that their macros are safe.
  # Clones share what it keeps: paths in the tree are relative to it.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
  add_compile_options(-fpch-preprocess)
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Everywhere, as some libraries ask for it and a precompiled header serves only
# those who are compiled as it was.
add_compile_options(-pthread)
