# Use the certificate in /run/secrets, or make one that only encrypts: browsers will warn, Twilio will refuse it.
set -eu
mkdir -p /run/proxy/tls
if [ -s /run/secrets/tls_cert ] && [ -s /run/secrets/tls_key ]; then
    ln -sf /run/secrets/tls_cert /run/proxy/tls/cert.pem
    ln -sf /run/secrets/tls_key /run/proxy/tls/key.pem
else
    echo "no certificate given: making a self-signed one for ${WAYHOME_HOST:-localhost}" >&2
    openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj "/CN=${WAYHOME_HOST:-localhost}" \
        -addext "subjectAltName=DNS:${WAYHOME_HOST:-localhost},DNS:proxy" \
        -keyout /run/proxy/tls/key.pem -out /run/proxy/tls/cert.pem 2>/dev/null
fi
exec nginx -g 'daemon off;'
