{{/* What objects are called: the release, and the chart where that does not say it. */}}
{{- define "wonbon.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "wonbon.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "wonbon.labels" -}}
{{ include "wonbon.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* The flags of wonbond: what the chart decides, then what the settings say. */}}
{{- define "wonbon.flags" -}}
{{- $tls := .Values.tls.secret -}}
{{- if and .Values.tls.clientCa (not $tls) -}}
{{- fail "tls.clientCa needs tls.secret: the secret that holds ca.crt beside tls.crt and tls.key" -}}
{{- end -}}
{{- if not (or .Values.apiKeys.secret .Values.settings.anonymous) -}}
{{- fail "nobody could call: give apiKeys.secret (a secret with the file of `wonbon keys new`), or settings.anonymous (a role for whoever calls)" -}}
{{- end -}}
{{- $flags := dict "listen" "0.0.0.0:7443" "admin_listen" "0.0.0.0:9464" "data_dir" "/var/lib/wonbon/data" "log_format" "json" -}}
{{- if $tls -}}
{{- $_ := set $flags "insecure" "false" -}}
{{- $_ := set $flags "tls_cert" "/etc/wonbon/tls/tls.crt" -}}
{{- $_ := set $flags "tls_key" "/etc/wonbon/tls/tls.key" -}}
{{- else -}}
{{- $_ := set $flags "insecure" "true" -}}
{{- end -}}
{{- if .Values.tls.clientCa -}}
{{- $_ := set $flags "tls_client_ca" "/etc/wonbon/tls/ca.crt" -}}
{{- end -}}
{{- if .Values.apiKeys.secret -}}
{{- $_ := set $flags "api_keys_file" (printf "/etc/wonbon/keys/%s" .Values.apiKeys.key) -}}
{{- end -}}
{{- if .Values.http.enabled -}}
{{- $_ := set $flags "http_listen" "0.0.0.0:9480" -}}
{{- end -}}
{{- if .Values.backups.enabled -}}
{{- $_ := set $flags "backup_dir" "/var/backups/wonbon" -}}
{{- $_ := set $flags "backup_every" .Values.backups.every -}}
{{- $_ := set $flags "backup_keep" .Values.backups.keep -}}
{{- end -}}
{{- $lines := list -}}
{{- range $name, $value := mergeOverwrite $flags .Values.settings -}}
{{- /* A number of a file of values is a float: 524288, not 5.24288e+05. */ -}}
{{- if kindIs "float64" $value -}}{{- $value = toJson $value -}}{{- end -}}
{{- $lines = append $lines (printf "--%s=%v" (replace "_" "-" $name) $value) -}}
{{- end -}}
{{- toYaml $lines -}}
{{- end -}}

{{/* One claim: its name, size and class. */}}
{{- define "wonbon.claim" -}}
- metadata: {name: {{ .name }}}
  spec:
    accessModes: [ReadWriteOnce]
    {{- with .claim.storageClass }}
    storageClassName: {{ . | quote }}
    {{- end }}
    resources: {requests: {storage: {{ .claim.size }}}}
{{- end -}}
