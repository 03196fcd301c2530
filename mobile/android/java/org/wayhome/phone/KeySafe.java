package org.wayhome.phone;

import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import android.util.Base64;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals with a key that never leaves the device's key store. It needs no unlocked screen: an SOS has
 * to go out from a locked phone.
 */
public final class KeySafe {
    private static final String STORE = "AndroidKeyStore";
    private static final String ALIAS = "wayhome";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int IV = 12;
    private static final int TAG_BITS = 128;

    private KeySafe() {}

    /** What was given, sealed; both in base64. */
    public static String seal(String plain) throws Exception {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(Cipher.ENCRYPT_MODE, key(true));
        byte[] iv = cipher.getIV();
        byte[] sealed = cipher.doFinal(Base64.decode(plain, Base64.NO_WRAP));
        byte[] whole = Arrays.copyOf(iv, iv.length + sealed.length);
        System.arraycopy(sealed, 0, whole, iv.length, sealed.length);
        return Base64.encodeToString(whole, Base64.NO_WRAP);
    }

    /** What was sealed; null where the key is gone or it is not ours. */
    public static String unseal(String sealed) {
        try {
            byte[] whole = Base64.decode(sealed, Base64.NO_WRAP);
            SecretKey key = key(false);
            if (key == null || whole.length <= IV) {
                return null;
            }
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, whole, 0, IV));
            byte[] plain = cipher.doFinal(whole, IV, whole.length - IV);
            return Base64.encodeToString(plain, Base64.NO_WRAP);
        } catch (Exception gone) {
            return null;
        }
    }

    private static SecretKey key(boolean make) throws Exception {
        KeyStore store = KeyStore.getInstance(STORE);
        store.load(null);
        SecretKey known = (SecretKey) store.getKey(ALIAS, null);
        return known != null || !make ? known : made();
    }

    private static SecretKey made() throws GeneralSecurityException {
        int purposes = KeyProperties.PURPOSE_ENCRYPT | KeyProperties.PURPOSE_DECRYPT;
        KeyGenerator maker = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE);
        maker.init(
                new KeyGenParameterSpec.Builder(ALIAS, purposes)
                        .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                        .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                        .setKeySize(256)
                        .build());
        return maker.generateKey();
    }
}
