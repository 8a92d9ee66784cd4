package io.millrace.json;

/** Says where and why bytes are not JSON. It has no stack trace: callers turn it into a refusal of their own. */
public final class JsonSyntaxException extends RuntimeException {

    public static final String MALFORMED = "malformed_json";
    static final String INVALID_UTF8 = "invalid_utf8";
    public static final String TOO_DEEP = "too_deep";
    public static final String NUMBER_TOO_LONG = "number_too_long";

    private static final long serialVersionUID = 1L;

    private final String code;
    private final int index;

    /** @param index the index in the scanned array, which may differ from that in the request's body */
    public JsonSyntaxException(String code, String message, int index) {
        super(message, null, false, false);
        this.code = code;
        this.index = index;
    }

    public String code() {
        return code;
    }

    public int index() {
        return index;
    }

    /** A byte as shown in messages. */
    public static String name(byte b) {
        return b > ' ' && b < 0x7f ? "'" + (char) b + "'" : String.format("byte 0x%02x", b & 0xff);
    }
}
