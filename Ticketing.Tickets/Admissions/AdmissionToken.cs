using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tickets.Admissions;

/// <summary>
/// The signed form of a ticket's code, for scanning: a JWS (RFC 7515) with the header
/// <c>{"alg":"ES256","kid":"…","typ":"adm"}</c> and these claims, about 225 characters. It is as short as a standard
/// form can be: a QR code of it is read at arm's length.
/// </summary>
/// <param name="Jti">The code's short form, without its groups.</param>
/// <param name="Tkt">The listing: the 16 bytes of its id (in the order in which it is written) in base64url.</param>
/// <param name="N">Which ticket of its order, from 1.</param>
internal sealed record AdmissionClaims(string Jti, string Tkt, int N);

/// <summary>Writes and reads signed codes.</summary>
internal static class AdmissionToken
{
    public const string Type = "adm";

    private const int MaxLength = 300;

    public static string Write(SigningKey key, string code, Guid ticketId, int number) =>
        key.Use(signer => CompactJws.Write(Type, key.Kid, new AdmissionClaims(code, Name(ticketId), number), signer));

    /// <summary>The short form of a signed code.</summary>
    /// <param name="text">What was scanned.</param>
    /// <param name="ticketId">The listing at whose door it was.</param>
    /// <param name="keys">The keys that verify it.</param>
    /// <param name="refusal">Why the answer is null, one of <see cref="CheckInRefusal"/>.</param>
    public static string? Read(string text, Guid ticketId, AdmissionKeys keys, out string? refusal)
    {
        refusal = null;
        var jws = CompactJws.Read(text, MaxLength, out _);
        if (jws?.Type != Type || keys.Find(jws.Kid) is not { } key || !jws.IsSignedBy(key)
            || !jws.TryReadClaims<AdmissionClaims>(out var claims))
        {
            refusal = CheckInRefusal.Forged;
            return null;
        }
        if (claims.Tkt == Name(ticketId))
            return claims.Jti;
        refusal = CheckInRefusal.Foreign;
        return null;
    }

    private static string Name(Guid ticketId) => StrictBase64Url.Encode(ticketId.ToByteArray(bigEndian: true));
}
