using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Tape.Host.Alerts;

/// <summary>
/// Signs what a webhook gets, so that its receiver knows the sender and that nothing was changed on the way: HMAC-SHA-256 over
/// <c>id.timestamp.body</c>.
/// </summary>
/// <remarks>Source: Standard Webhooks 1.0 (standardwebhooks.com), "webhook-id", "webhook-timestamp", "webhook-signature", checked December 2026.</remarks>
public sealed class WebhookSignature
{
    /// <summary>Bytes of a key, at least and at most.</summary>
    private const int KeyBytesMin = 24;
    private const int KeyBytesMax = 64;
    private const string Prefix = "whsec_";

    private readonly byte[] _key;

    private WebhookSignature(byte[] key) => _key = key;

    /// <summary>Takes a secret: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    /// <returns>Null when it is none.</returns>
    public static WebhookSignature? Of(string secret)
    {
        var key = new byte[KeyBytesMax];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length)
            && length >= KeyBytesMin ? new WebhookSignature(key[..length]) : null;
    }

    /// <summary>Adds the three headers. The id is that of the body: attempts at the same alert share it.</summary>
    public void Sign(HttpRequestHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        var id = $"msg_{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}";
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body];
        headers.Add("webhook-id", id);
        headers.Add("webhook-timestamp", timestamp);
        headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(HMACSHA256.HashData(_key, signed))}");
    }
}
