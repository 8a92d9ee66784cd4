package io.millrace.embeddedpostgres;

/** One setting in the server's configuration, with the reason for it. */
record ServerSetting(String name, String value, String reason) {

    String line() {
        return "# " + reason + "\n" + name + " = '" + value.replace("'", "''") + "'\n";
    }
}
