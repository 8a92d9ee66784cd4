{{- define "millrace.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* Short enough for the suffixes that the chart and CloudNativePG append. */ -}}
{{- define "millrace.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "millrace.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "millrace.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "millrace.selectorLabels" -}}
app.kubernetes.io/name: {{ include "millrace.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: hub
{{- end -}}

{{- define "millrace.labels" -}}
{{ include "millrace.selectorLabels" . }}
{{ include "millrace.releaseLabels" . }}
{{- end -}}

{{- define "millrace.databaseLabels" -}}
app.kubernetes.io/name: {{ include "millrace.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: database
{{ include "millrace.releaseLabels" . }}
{{- end -}}

{{- define "millrace.releaseLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "millrace.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "millrace.serviceAccountName" -}}
{{- default (ternary (include "millrace.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{- /* All names by which clients call the hubs. */ -}}
{{- define "millrace.hosts" -}}
{{- $service := include "millrace.fullname" . -}}
{{- $inNamespace := printf "%s.%s" $service .Release.Namespace -}}
{{- $hosts := list $service $inNamespace (printf "%s.svc" $inNamespace) (printf "%s.svc.%s" $inNamespace .Values.clusterDomain) -}}
{{- if .Values.ingress.enabled -}}
{{- $hosts = concat $hosts .Values.ingress.hosts -}}
{{- end -}}
{{- if .Values.httpRoute.enabled -}}
{{- $hosts = concat $hosts .Values.httpRoute.hostnames -}}
{{- end -}}
{{- concat $hosts .Values.http.hosts | uniq | join "," -}}
{{- end -}}

{{- define "millrace.scheme" -}}
{{- ternary "https" "http" (not (empty .Values.tls.existingSecret)) -}}
{{- end -}}

{{- /* The variables of the hubs' own TLS. */ -}}
{{- define "millrace.tlsEnv" -}}
{{- if .Values.tls.existingSecret -}}
- name: SERVER_SSL_BUNDLE
  value: hub
- name: SPRING_SSL_BUNDLE_PEM_HUB_KEYSTORE_CERTIFICATE
  value: /etc/millrace/tls/tls.crt
- name: SPRING_SSL_BUNDLE_PEM_HUB_KEYSTORE_PRIVATEKEY
  value: /etc/millrace/tls/tls.key
{{- if ne .Values.tls.clientAuth "none" }}
- name: SERVER_SSL_CLIENTAUTH
  value: {{ .Values.tls.clientAuth }}
- name: SPRING_SSL_BUNDLE_PEM_HUB_TRUSTSTORE_CERTIFICATE
  value: /etc/millrace/clients/ca.crt
{{- end }}
{{- end -}}
{{- end -}}

{{- /* The variables that say who may call. Without them, hubs that other machines reach refuse to start. */ -}}
{{- define "millrace.securityEnv" -}}
{{- $security := .Values.security -}}
- name: MILLRACE_SECURITY_AUTHENTICATION
  value: {{ $security.authentication }}
{{- if eq $security.authentication "none" }}
- name: MILLRACE_SECURITY_ALLOWANONYMOUSONNETWORK
  value: {{ $security.allowAnonymousOnNetwork | quote }}
{{- end }}
{{- if not .Values.tls.existingSecret }}
- name: MILLRACE_SECURITY_ALLOWPLAINTEXTONNETWORK
  value: {{ $security.allowPlaintextOnNetwork | quote }}
{{- end }}
{{- /* One each: the subjects of certificates have commas. */ -}}
{{- range $index, $principal := $security.superUsers }}
- name: MILLRACE_SECURITY_SUPERUSERS_{{ $index }}
  value: {{ $principal | quote }}
{{- end }}
- name: MILLRACE_SECURITY_AUDITTOPIC
  value: {{ $security.auditTopic | quote }}
{{- with $security.oidc }}
{{- if .issuer }}
- name: MILLRACE_SECURITY_OIDC_ISSUER
  value: {{ .issuer | quote }}
- name: MILLRACE_SECURITY_OIDC_AUDIENCE
  value: {{ .audience | quote }}
- name: MILLRACE_SECURITY_OIDC_PRINCIPALCLAIM
  value: {{ .principalClaim | quote }}
- name: MILLRACE_SECURITY_OIDC_GROUPSCLAIM
  value: {{ .groupsClaim | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "millrace.clusterName" -}}
{{- default (printf "%s-db" (include "millrace.fullname" .)) .Values.database.cloudnativepg.name -}}
{{- end -}}

{{- /* The secret with the authority's certificate, or nothing. */ -}}
{{- define "millrace.caSecretName" -}}
{{- if eq .Values.database.mode "external" -}}
{{- .Values.database.external.tls.caSecret.name -}}
{{- else -}}
{{- default (printf "%s-ca" (include "millrace.clusterName" .)) .Values.database.cloudnativepg.tls.caSecret.name -}}
{{- end -}}
{{- end -}}

{{- define "millrace.caSecretKey" -}}
{{- $database := ternary .Values.database.external .Values.database.cloudnativepg (eq .Values.database.mode "external") -}}
{{- $database.tls.caSecret.key -}}
{{- end -}}

{{- define "millrace.tlsOptions" -}}
{{- $database := ternary .Values.database.external .Values.database.cloudnativepg (eq .Values.database.mode "external") -}}
sslmode={{ $database.tls.mode }}
{{- if include "millrace.caSecretName" . -}}
&sslrootcert=/etc/millrace/database/ca.crt
{{- end -}}
{{- end -}}

{{- /* The variables that say which database it is. The hub itself adds targetServerType=primary. */ -}}
{{- define "millrace.databaseEnv" -}}
{{- if eq .Values.database.mode "external" -}}
{{- $external := .Values.database.external -}}
{{- $secret := default (printf "%s-database" (include "millrace.fullname" .)) $external.existingSecret -}}
{{- if $external.url -}}
- name: MILLRACE_DATABASE_URL
  {{- if $external.tls.mode }}
  value: {{ printf "%s%s%s" $external.url (ternary "&" "?" (contains "?" $external.url)) (include "millrace.tlsOptions" .) | quote }}
  {{- else }}
  value: {{ $external.url | quote }}
  {{- end }}
{{- else -}}
- name: MILLRACE_DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ $external.keys.url }}
{{- end }}
{{- if or $external.existingSecret (not $external.url) }}
- name: MILLRACE_DATABASE_USERNAME
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ $external.keys.username }}
      {{- if not $external.url }}
      optional: true
      {{- end }}
- name: MILLRACE_DATABASE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ $external.keys.password }}
      {{- if not $external.url }}
      optional: true
      {{- end }}
{{- end }}
{{- else -}}
- name: DATABASE_URI
  valueFrom:
    secretKeyRef:
      name: {{ include "millrace.clusterName" . }}-app
      key: uri
- name: MILLRACE_DATABASE_URL
  value: {{ printf "$(DATABASE_URI)?%s" (include "millrace.tlsOptions" .) | quote }}
{{- end -}}
{{- end -}}

{{- /* Combinations of values that the schema cannot refuse. */ -}}
{{- define "millrace.check" -}}
{{- $external := .Values.database.external -}}
{{- if and (eq .Values.database.mode "external") $external.tls.mode -}}
{{- if not $external.url -}}
{{- fail "database.external.tls.mode is added to database.external.url, which is empty: write sslmode=…&sslrootcert=/etc/millrace/database/ca.crt into the URL in the secret instead" -}}
{{- end -}}
{{- if and (hasPrefix "verify" $external.tls.mode) (not $external.tls.caSecret.name) -}}
{{- fail "database.external.tls.caSecret.name is empty: the hub needs the certificate of the authority that signed the server's" -}}
{{- end -}}
{{- if contains "sslmode=" $external.url -}}
{{- fail "database.external.url has an sslmode already: leave it out or leave database.external.tls.mode empty" -}}
{{- end -}}
{{- end -}}
{{- $cnpg := .Values.database.cloudnativepg -}}
{{- if and (eq .Values.database.mode "cloudnativepg") $cnpg.create (gt (int $cnpg.instances) 1) (ge (int $cnpg.synchronousStandbys) (int $cnpg.instances)) -}}
{{- fail "database.cloudnativepg.synchronousStandbys has to be smaller than instances: otherwise every commit waits for ever" -}}
{{- end -}}
{{- if ne .Values.tls.clientAuth "none" -}}
{{- if not .Values.tls.existingSecret -}}
{{- fail "tls.clientAuth needs TLS: name the secret with the hubs' own certificate in tls.existingSecret" -}}
{{- end -}}
{{- if not .Values.tls.clientCaSecret.name -}}
{{- fail "tls.clientCaSecret.name is empty: the hubs need the authorities that sign their clients' certificates" -}}
{{- end -}}
{{- end -}}
{{- $security := .Values.security -}}
{{- if and (eq $security.authentication "none") (not $security.allowAnonymousOnNetwork) -}}
{{- fail "security.authentication is none, so every client that reaches the hubs could read and delete everything: set security.authentication=required, or security.allowAnonymousOnNetwork=true if that is meant" -}}
{{- end -}}
{{- if and (not .Values.tls.existingSecret) (not $security.allowPlaintextOnNetwork) -}}
{{- fail "the hubs have no TLS, so keys and records could be read on their way to the pods: name the secret with the hubs' certificate in tls.existingSecret, or set security.allowPlaintextOnNetwork=true if TLS ends before the hubs, on a network that you trust" -}}
{{- end -}}
{{- if and $security.oidc.issuer (not $security.oidc.audience) -}}
{{- fail "security.oidc.audience is empty: without it, the hubs would accept tokens that were made for other services" -}}
{{- end -}}
{{- if and $security.oidc.issuer (eq $security.authentication "none") -}}
{{- fail "security.oidc.issuer has no effect with security.authentication=none: callers are not asked for tokens" -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (eq $security.authentication "required") (not .Values.serviceMonitor.authorization.secretName) -}}
{{- fail "serviceMonitor.authorization.secretName is empty: Prometheus needs an API key that may describe the cluster, which docs/deployment.md shows how to make" -}}
{{- end -}}
{{- $fromOutside := or .Values.ingress.enabled .Values.httpRoute.enabled (ne .Values.service.type "ClusterIP") -}}
{{- if and .Values.networkPolicy.enabled $fromOutside (not .Values.networkPolicy.allowFrom) -}}
{{- fail "networkPolicy.allowFrom is empty, so only pods of this namespace reach the hubs: name the namespace of the ingress controller, or a podSelector: {} if it is in this one" -}}
{{- end -}}
{{- if and .Values.networkPolicy.enabled .Values.serviceMonitor.enabled (not .Values.networkPolicy.allowMetricsFrom) -}}
{{- fail "networkPolicy.allowMetricsFrom is empty, so only pods of this namespace reach the hubs' metrics: name the namespace of Prometheus, or a podSelector: {} if it is in this one" -}}
{{- end -}}
{{- end -}}
