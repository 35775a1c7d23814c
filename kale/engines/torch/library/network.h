/* The door between kale and libkale_torch.so: plain C, so that no header crosses it.
   Errors   a function that fails writes why to `error` and returns NULL or non-zero
   Threads  many may run one network at once; a run uses the thread that calls it and no other, for
            libtorch splits sums by its number of threads, and answers would differ in the last bits
   Units    images [batch, 3, side, side], normalised; logits [batch, classes]; all float32 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KALE_TORCH_DOOR_VERSION 1

typedef struct {
  const char* name;
  const float* data;
  const int64_t* shape;
  int dimensions;
} KaleTensor;

typedef struct KaleNetwork KaleNetwork;

typedef struct {
  int version;
  /* Copies the tensors. */
  KaleNetwork* (*open)(const KaleTensor* tensors, size_t count, char* error, size_t error_bytes);
  int (*run)(KaleNetwork* network, const float* images, int64_t batch, int64_t side, float* logits,
             int64_t classes, char* error, size_t error_bytes);
  void (*close)(KaleNetwork* network);
} KaleTorchDoor;

/* The only name the library shows. */
typedef const KaleTorchDoor* (*KaleTorchDoorFunction)(void);
#define KALE_TORCH_DOOR_FUNCTION "kale_torch_door"

#ifdef __cplusplus
}
#endif
