/* Compression of buffers, as far as convey.h names it. Accepted, never called: see
   convey_set_codec(). */
#ifndef BUDDY_CONVEY_CODEC_H
#define BUDDY_CONVEY_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a codec is told about the items. Sizes in bytes. */
typedef struct convey_cargo {
  size_t tag_size;
  size_t item_size;
  size_t packet_size;
  size_t max_items;
  void* arg;
} convey_cargo_t;

/* What a codec asks of the buffers. Sizes in bytes, slack in packets. */
typedef struct convey_layout {
  size_t align;
  size_t stride;
  size_t slack;
  size_t offset;
  size_t overrun;
} convey_layout_t;

typedef struct convey_codec {
  const char* name;
  bool (*plan)(const convey_cargo_t* cargo, convey_layout_t* layout);
  void* (*link)(const convey_cargo_t* cargo, bool decompress);
  size_t (*compress)(const convey_cargo_t* cargo, void* link_data, size_t n_items, void* inbuf,
                     size_t limit, void* outbuf);
  void (*decompress)(const convey_cargo_t* cargo, void* link_data, size_t n_items, size_t n_bytes,
                     void* inbuf, void* outbuf);
  void (*unlink)(const convey_cargo_t* cargo, void* link_data);
} convey_codec_t;

/* Has a plan() that always answers false. */
extern const convey_codec_t convey_standard_codec;

#ifdef __cplusplus
}
#endif

#endif
