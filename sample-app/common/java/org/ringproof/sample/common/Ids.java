package org.ringproof.sample.common;

import java.nio.charset.StandardCharsets;

/** Numbers made of texts, the same in every process. */
public final class Ids {

    private Ids() {
    }

    /** FNV-1a over UTF-8, 31 bits: never negative. */
    public static int hash(String text) {
        int h = 0x811c9dc5;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            h = (h ^ (b & 0xff)) * 16777619;
        }
        return h & 0x7fffffff;
    }
}
