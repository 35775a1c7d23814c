# Read by llama.cpp's first project(); makes its llama-server cheap to build, from sources as they are.
# The many small files that each know one model or one chat format are compiled together, and
# nothing but the libraries that kale links is optimised hard: the server adds JSON around them. Of
# mtmd, which kale links for pictures, only what touches each pixel is.
cmake_language(DEFER CALL kale_cheap_server)

function(kale_cheap_server)
  foreach(target cpp-httplib llama-common mtmd server-context llama-server-impl)
    target_compile_options(${target} PRIVATE -O1)
  endforeach()
  set_source_files_properties(${PROJECT_SOURCE_DIR}/tools/mtmd/mtmd-image.cpp TARGET_DIRECTORY mtmd
                              PROPERTIES COMPILE_OPTIONS -O3)
  kale_compile_together(mtmd tools/mtmd models)
  kale_compile_together(llama-common common parsers)
endfunction()

function(kale_compile_together target folder group)
  file(GLOB sources ${PROJECT_SOURCE_DIR}/${folder}/${group}/*.cpp)
  set_source_files_properties(${sources} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${group})
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
