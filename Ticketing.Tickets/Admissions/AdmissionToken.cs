using System.Buffers.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Admissions;

/// <summary>
/// Writes and reads the signed form of a ticket's code, for scanning: a JWS (RFC 7515) with the header
/// <c>{"alg":"ES256","kid":"…","typ":"adm"}</c> and three claims, about 225 characters. It is as short as a standard
/// form can be: a QR code of it is read at arm's length.
/// </summary>
internal static class AdmissionToken
{
    private const string Type = "adm";
    private const string Code = "jti"; // the code's short form, without its groups
    private const string Listing = "tkt"; // the 16 bytes of its id (in the order in which it is written) in base64url
    private const string Number = "n"; // which ticket of its order, from 1

    // The 64 bytes of an ES256 signature (RFC 7518, 3.4) in base64url.
    private const int SignatureLength = 86;

    // It is good until it is used, so it says nothing of times.
    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = 300, SetDefaultTimesOnTokenCreation = false };

    public static string Write(SigningKey key, string code, Guid ticketId, int number) => Handler.CreateToken(new SecurityTokenDescriptor
    {
        TokenType = Type,
        Claims = new Dictionary<string, object> { [Code] = code, [Listing] = Name(ticketId), [Number] = number },
        SigningCredentials = key.Credentials,
    });

    /// <summary>The short form of a signed code; or else why not, one of <see cref="CheckInRefusal"/>.</summary>
    /// <param name="text">What was scanned.</param>
    /// <param name="ticketId">The listing at whose door it was.</param>
    /// <param name="keys">The keys that verify it.</param>
    public static async Task<(string? Code, string? Refusal)> ReadAsync(string text, Guid ticketId, AdmissionKeys keys)
    {
        var result = await Handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [Type],
            IssuerSigningKeys = keys.All.Select(key => key.Verifier),
            TryAllIssuerSigningKeys = false,
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token
            || !token.TryGetPayloadValue(Code, out string? code) || !token.TryGetPayloadValue(Listing, out string? listing))
        {
            return (null, IsWhole(text) ? CheckInRefusal.Forged : CheckInRefusal.Malformed);
        }
        return listing == Name(ticketId) ? (code, null) : (null, CheckInRefusal.Foreign);
    }

    /// <summary>
    /// Whether a text has all parts of a code. A genuine one of which a scanner or keyboard lost or changed something has not, and
    /// its bearer is no forger.
    /// </summary>
    private static bool IsWhole(string text)
    {
        if (!Handler.CanReadToken(text))
            return false;
        try
        {
            var token = Handler.ReadJsonWebToken(text);
            return token is { Typ: Type, Alg: SecurityAlgorithms.EcdsaSha256, EncodedSignature.Length: SignatureLength }
                && token.TryGetPayloadValue(Code, out string? _) && token.TryGetPayloadValue(Listing, out string? _);
        }
        catch (ArgumentException)
        {
            // A part is no JSON.
            return false;
        }
    }

    private static string Name(Guid ticketId) => Base64Url.EncodeToString(ticketId.ToByteArray(bigEndian: true));
}
