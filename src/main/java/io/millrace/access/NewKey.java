package io.millrace.access;

/**
 * An API key that was just created.
 *
 * @param key the whole key, secret included: this is the only time that anybody sees it
 */
public record NewKey(ApiKey about, String key) {

    @Override
    public String toString() {
        return "NewKey[" + about + "]";
    }
}
