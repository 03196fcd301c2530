package org.wayhome.phone;

import android.util.Base64;
import java.nio.charset.StandardCharsets;

/** Seals as mobile/platform/fake.py does; the real one needs a device's key store. */
public final class KeySafe {
    private static final byte[] MARK = "sealed:".getBytes(StandardCharsets.US_ASCII);

    private KeySafe() {}

    public static String unseal(String sealed) {
        byte[] whole = Base64.decode(sealed, Base64.NO_WRAP);
        byte[] plain = new byte[whole.length - MARK.length];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) (whole[MARK.length + i] ^ 0x5A);
        }
        return Base64.encodeToString(plain, Base64.NO_WRAP);
    }
}
