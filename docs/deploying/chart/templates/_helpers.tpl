{{- define "byline.labels" -}}
app.kubernetes.io/name: byline
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "byline.name" -}}
{{ printf "%s-%s" (.root.Release.Name | trunc 40 | trimSuffix "-") .part }}
{{- end }}

{{- define "byline.image" -}}
{{ required "image.repository is needed" .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "byline.pod" -}}
automountServiceAccountToken: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "byline.container" -}}
image: {{ include "byline.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- define "byline.models" -}}
{{ .Values.models.existingClaim | default (include "byline.name" (dict "root" . "part" "models")) }}
{{- end }}

{{- define "byline.chroma" -}}
{{- $name := include "byline.name" (dict "root" . "part" "chroma") -}}
{{- $urls := list -}}
{{- range $n := until (int .Values.chroma.replicas) -}}
{{- $urls = append $urls (printf "http://%s-%d.%s:8000" $name $n $name) -}}
{{- end -}}
{{ join "," $urls }}
{{- end }}

{{- define "byline.env" -}}
env:
  - name: BYLINE_DATABASE
    valueFrom:
      secretKeyRef: {name: {{ required "database.secret is needed" .Values.database.secret }}, key: url}
  - name: BYLINE_CHROMA
    value: {{ include "byline.chroma" . | quote }}
  {{- with .Values.ollama.url }}
  - name: BYLINE_OLLAMA_HOST
    value: {{ . | quote }}
  {{- end }}
  {{- with .Values.openai.url }}
  - name: BYLINE_OPENAI_URL
    value: {{ . | quote }}
  {{- end }}
  {{- with .Values.openai.secret }}
  - name: BYLINE_OPENAI_KEY
    valueFrom:
      secretKeyRef: {name: {{ . }}, key: key}
  {{- end }}
  - name: STREAMLIT_SERVER_ALLOWED_HOSTS
    value: {{ required "host is needed" .Values.host | quote }}
  {{- range $name, $value := .Values.settings }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
{{- with .Values.settingSecrets }}
envFrom:
  {{- range . }}
  - secretRef: {name: {{ . }}}
  {{- end }}
{{- end }}
{{- end }}

{{- define "byline.claim" -}}
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  {{- with .storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources: {requests: {storage: {{ .size }}}}
{{- end }}
