package io.millrace.admission;

/** The names of a hub, and the origins whose pages may use it. */
record AdmissionRules(HubHosts hosts, AllowedOrigins origins) {}
