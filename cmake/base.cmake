# Warnings and sanitizers for our own targets; vendored code is left alone.
add_library(kale_base INTERFACE)
target_include_directories(kale_base INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_options(kale_base INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                       -Wno-missing-field-initializers  # designated initialisers leave the rest at its default
                       -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
target_compile_definitions(kale_base INTERFACE KALE_VERSION="${PROJECT_VERSION}")
if(KALE_WERROR)
  target_compile_options(kale_base INTERFACE -Werror)
endif()
if(KALE_SANITIZE)
  target_compile_options(kale_base INTERFACE -fsanitize=${KALE_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(kale_base INTERFACE -fsanitize=${KALE_SANITIZE})
  if(KALE_SANITIZE MATCHES thread)
    target_compile_options(kale_base INTERFACE -Wno-tsan)  # asio's fences, which stand beside mutexes
  endif()
endif()
find_program(KALE_CCACHE ccache)
if(KALE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${KALE_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${KALE_CCACHE})
endif()
