/*
 * Native twins: in C what functions of firmware/bytes, firmware/audio and firmware/crypto do in TypeScript, to the bit. No VM, no
 * tables that are made at run time, no allocation. The bindings check all arguments before they call.
 */
#ifndef DOORLINE_TWINS_H
#define DOORLINE_TWINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Copies the first octet first, also where the two parts overlap. */
void twin_copy(uint8_t *target, const uint8_t *source, size_t count);
void twin_fill(uint8_t *target, size_t count, uint8_t value);
bool twin_is_equal(const uint8_t *left, const uint8_t *right, size_t count);
/** ASCII letters in any case. */
bool twin_is_equal_in_any_case(const uint8_t *left, const uint8_t *right, size_t count);
/** In a time that depends on `count` alone. */
bool twin_is_equal_in_constant_time(const uint8_t *left, const uint8_t *right, size_t count);
/** Octets before the first `octet`, or `count`. */
size_t twin_find(const uint8_t *octets, size_t count, int32_t octet);
/** Whether all are of `first` … 0x7e. */
bool twin_is_printable(const uint8_t *octets, size_t count, int32_t first);
/** 16 bits, the higher octet first. */
unsigned twin_number_at(const uint8_t *octets);
void twin_write_number_at(uint8_t *octets, int32_t value);

/** The laws of ITU-T G.711, by their static RTP payload types (RFC 3551 table 4). */
enum twin_law { TWIN_MU_LAW = 0, TWIN_A_LAW = 8 };

void twin_encode_g711(enum twin_law law, const int16_t *samples, size_t count, uint8_t *codes);
void twin_decode_g711(enum twin_law law, const uint8_t *codes, size_t count, int16_t *samples);

/**
 * A delay line: appends the samples to the ring of `length` from `at` on, and puts in place of each the one `delay` before it.
 * `at` < `length`, `delay` <= `length`. Returns where the next one goes.
 */
size_t twin_delay(int16_t *ring, size_t length, size_t at, size_t delay, int16_t *samples, size_t count);
/** `gain` in Q8, 0 … 65535; what leaves 16 bits is clipped. */
void twin_apply_gain(int16_t *samples, size_t count, int32_t gain);
void twin_clear(int16_t *samples, size_t count);
/** The largest magnitude, 0 … 32768. */
int32_t twin_peak(const int16_t *samples, size_t count);

/** Octets of a block, and of the chaining variables of each hash. */
enum { TWIN_BLOCK_OCTETS = 64, TWIN_MD5_OCTETS = 16, TWIN_SHA_256_OCTETS = 32 };

/** RFC 1321 3.4. `chain`: A, B, C, D, each with its lowest octet first. */
void twin_compress_md5(uint8_t *chain, const uint8_t *block);
/** FIPS 180-4 6.2.2. `chain`: H0 … H7, each with its highest octet first. */
void twin_compress_sha256(uint8_t *chain, const uint8_t *block);

#endif
