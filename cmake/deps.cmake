# One paragraph per dependency: purpose, and the only rooms allowed to use it (tests/tidy holds the same table).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

find_package(fmt REQUIRED)                                   # formatting: everywhere
find_package(nlohmann_json REQUIRED)                         # JSON: everywhere above core
find_package(yaml-cpp REQUIRED)                              # recipes: assemble; fake scripts: engines/fake
find_package(CLI11 REQUIRED)                                 # command line: apps, tools, bench
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash) # identity, checksums: io, resume
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto) # sha256 of pictures: io
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc)       # UTF-8, words: text
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)          # word lists: text, fuse, clean; fake scripts
pkg_check_modules(VIPS REQUIRED IMPORTED_TARGET vips)        # pixels: decode, world/draw
pkg_check_modules(TESSERACT REQUIRED IMPORTED_TARGET tesseract lept)  # OCR: engines/tesseract
pkg_check_modules(ARCHIVE REQUIRED IMPORTED_TARGET libarchive)  # tars, compressed or not: io/tar
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)        # gzip: io/tables
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)     # OpenAI-compatible servers: engines/http
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)  # pictures for such servers: engines/http
pkg_check_modules(MPI QUIET IMPORTED_TARGET ompi-c)          # training in several processes, where it is found: processes
find_program(KALE_MPIRUN mpirun)
find_package(GTest REQUIRED)                                 # tests

# asio, standalone, header only: the worker pool of run
add_library(kale_asio INTERFACE)
target_compile_definitions(kale_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
target_link_libraries(kale_asio INTERFACE Threads::Threads)
if(KALE_SANITIZE MATCHES thread)  # the sanitizer does not know stand-alone fences; the queue's mutex orders all work
  target_compile_definitions(kale_asio INTERFACE ASIO_DISABLE_FENCED_BLOCK)
endif()

# A shared library out of a Python wheel: headers in INCLUDE, the libraries found by glob.
function(kale_wheel_library target)
  cmake_parse_arguments(ARG "" "INCLUDE" "LIBRARIES" ${ARGN})
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE ${ARG_INCLUDE})
  foreach(pattern ${ARG_LIBRARIES})
    file(GLOB found ${pattern})
    if(NOT found)
      message(FATAL_ERROR "no ${pattern}; run scripts/setup.sh, or point KALE_VENV at a virtual environment "
                          "made from requirements.txt and requirements-torch.txt")
    endif()
    list(GET found 0 library)
    get_filename_component(folder ${library} DIRECTORY)
    target_link_libraries(${target} INTERFACE ${library})
    target_link_options(${target} INTERFACE -Wl,-rpath,${folder})
  endforeach()
endfunction()
file(GLOB KALE_SITE ${KALE_VENV}/lib/python3*/site-packages)

# Arrow, from the pyarrow wheel: parquet. io/parquet only.
if(NOT KALE_ROOMS OR "io/parquet" IN_LIST KALE_ROOMS)
  kale_wheel_library(kale_arrow INCLUDE ${KALE_SITE}/pyarrow/include
                     LIBRARIES ${KALE_SITE}/pyarrow/libarrow.so.* ${KALE_SITE}/pyarrow/libparquet.so.*)
endif()

# libtorch, from the torch wheel: networks and engines/torch only, never in the kale program itself but in libraries and
# programs of their own. Of the wheel's headers only libtorch's are shown: its fmt is not ours.
if(KALE_WITH_TORCH AND (NOT KALE_ROOMS OR "engines/torch" IN_LIST KALE_ROOMS OR "networks" IN_LIST KALE_ROOMS))
  set(torch_headers ${PROJECT_BINARY_DIR}/generated/torch_headers)
  file(MAKE_DIRECTORY ${torch_headers})
  foreach(folder ATen c10 torch)
    file(CREATE_LINK ${KALE_SITE}/torch/include/${folder} ${torch_headers}/${folder} SYMBOLIC)
  endforeach()
  kale_wheel_library(kale_torch_deps INCLUDE ${torch_headers}
                     LIBRARIES ${KALE_SITE}/torch/lib/libtorch.so ${KALE_SITE}/torch/lib/libtorch_cpu.so
                               ${KALE_SITE}/torch/lib/libc10.so)
endif()

# llama.cpp, built once by scripts/setup.sh from the pinned source: llama_log, tokens, gguf, engines/llama and tools only.
# Its mtmd (pictures) comes as an archive beside the package, with another that it needs.
if(KALE_WITH_LLAMA AND (NOT KALE_ROOMS OR "llama_log" IN_LIST KALE_ROOMS))
  find_package(llama REQUIRED PATHS ${KALE_DEPS}/llama NO_DEFAULT_PATH)
  set(KALE_MTMD ${KALE_DEPS}/llama/lib/libmtmd.a ${KALE_DEPS}/llama/lib/libvendor-hash.a)
  foreach(library ${KALE_MTMD})
    if(NOT EXISTS ${library})
      message(FATAL_ERROR "no ${library}; run scripts/setup_llama.sh, which builds it")
    endif()
  endforeach()
  if(KALE_GPU AND NOT GGML_${KALE_GPU})
    message(FATAL_ERROR "${KALE_DEPS}/llama is built without ${KALE_GPU}; run "
                        "KALE_LLAMA_ARGS=-DGGML_${KALE_GPU}=ON scripts/setup_llama.sh")
  endif()
  add_library(kale_llama INTERFACE)
  target_link_libraries(kale_llama INTERFACE ${KALE_MTMD} llama)
endif()
