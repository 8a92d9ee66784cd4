package io.millrace.admission;

/** The names that a hub goes by, and whose pages may use it. */
record AdmissionRules(HubHosts hosts, AllowedOrigins origins) {}
