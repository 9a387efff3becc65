/* WAV heads from anywhere, in two pieces. */
#include "kiosk/speech/wav.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t split = size ? data[0] % size : 0;
    struct tp_wav wav;
    size_t taken;

    tp_wav_init(&wav);
    taken = tp_wav_feed(&wav, data, split);
    if (taken == split)
        (void)tp_wav_feed(&wav, data + split, size - split);
    if (wav.state == TP_WAV_DATA && (wav.rate < 8000 || wav.rate > 48000))
        __builtin_trap();
    return 0;
}
