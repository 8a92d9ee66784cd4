package io.millrace.embeddedpostgres;

/** A run of the server that did not get as far as accepting connections; some of the causes are transient. */
final class StartFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final String serverLog;

    StartFailure(String message, String serverLog) {
        super(message + (serverLog.isEmpty() ? "" : "; the end of its log:\n" + serverLog));
        this.serverLog = serverLog;
    }

    /** Another program took the port between our choice and the server's bind. */
    boolean portTaken() {
        return serverLog.contains("Address already in use");
    }

    /** Backends of a killed postmaster have not ended yet and still use its shared memory. */
    boolean oldBackends() {
        return serverLog.contains("pre-existing shared memory block");
    }
}
