using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ticketing.Tests.Security;

/// <summary>Tokens that are nearly good.</summary>
internal static class Forgeries
{
    private static readonly Guid User = Guid.CreateVersion7();

    public static string Good(Marketplace market) => market.Token(User);

    public static IEnumerable<(string Name, string Token)> Of(Marketplace market)
    {
        var good = Good(market);
        var parts = good.Split('.');
        var (header, claims, signature) = (parts[0], parts[1], parts[2]);
        var users = market.Platform.Users;
        var now = market.Platform.Clock.GetUtcNow().ToUnixTimeSeconds();

        foreach (var alg in (string[])["none", "None", "NONE", "nOnE"])
        {
            yield return ($"alg {alg}, no signature", $"{With(header, "alg", alg)}.{claims}.");
            yield return ($"alg {alg}, with the signature", $"{With(header, "alg", alg)}.{claims}.{signature}");
        }
        foreach (var (kind, secret) in users.PublicKeyAsSecrets())
        {
            var hs256 = $"{With(header, "alg", "HS256")}.{claims}";
            yield return ($"HS256 with the public key ({kind})", $"{hs256}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(hs256)))}");
        }
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        yield return ("a foreign key of the same name", $"{header}.{claims}.{Sign(stranger, $"{header}.{claims}")}");
        yield return ("a key in the header", Signed(stranger, With(header, "jwk", new JsonObject { ["kty"] = "EC" }), claims));
        yield return ("a key's address in the header", Signed(stranger, With(header, "jku", "http://127.0.0.1:1/jwks.json"), claims));
        yield return ("a certificate's address in the header", Signed(stranger, With(header, "x5u", "http://127.0.0.1:1/x5u.pem"), claims));
        yield return ("an all-zero signature", $"{header}.{claims}.{Base64Url.EncodeToString(new byte[64])}");
        yield return ("another's claims under this signature", $"{header}.{With(claims, "sub", Guid.CreateVersion7().ToString())}.{signature}");

        yield return ("a wrong kid, signed", users.Sign(With(header, "kid", "other"), claims));
        yield return ("a path as kid, signed", users.Sign(With(header, "kid", "../../dev/null"), claims));
        yield return ("a wrong issuer, signed", users.Sign(header, With(claims, "iss", "http://localhost:1")));
        yield return ("a wrong audience, signed", users.Sign(header, With(claims, "aud", "others")));
        yield return ("expired, signed", users.Sign(header, With(claims, "exp", now - 31)));
        yield return ("not valid yet, signed", users.Sign(header, With(claims, "nbf", now + 600)));
        yield return ("no end, signed", users.Sign(header, With(claims, "exp", null)));
        yield return ("no e-mail address, signed", users.Sign(header, With(claims, "email", null)));
        yield return ("a user who is no UUID, signed", users.Sign(header, With(claims, "sub", "admin")));
        yield return ("two users, signed", users.Sign(header, Encode($$"""{"sub":"{{User}}",{{Text(claims)[1..]}}""")));
        yield return ("another type, signed", users.Sign(With(header, "typ", "adm"), claims));
        yield return ("a critical extension, signed", users.Sign(With(header, "crit", new JsonArray("exp")), claims));

        yield return ("truncated", good[..^1]);
        yield return ("without its signature", $"{header}.{claims}.");
        yield return ("two segments", $"{header}.{claims}");
        yield return ("a segment more", $"{good}.{signature}");
        yield return ("padded", $"{good}==");
        yield return ("the signature twice as long", $"{good}{signature}");
        yield return ("oversized, signed", users.Sign(header, With(claims, "x", new string('x', 4_000))));
        yield return ("empty segments", "..");
        yield return ("no token", "nonsense");
    }

    private static string Signed(ECDsa key, string header, string claims) => $"{header}.{claims}.{Sign(key, $"{header}.{claims}")}";

    private static string Sign(ECDsa key, string text) =>
        Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));

    /// <summary>The segment with one member set anew, or taken out.</summary>
    private static string With(string segment, string name, JsonNode? value)
    {
        var json = JsonNode.Parse(Text(segment))!.AsObject();
        json.Remove(name);
        if (value is not null)
            json[name] = value;
        return Encode(json.ToJsonString());
    }

    private static string Text(string segment) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(segment));

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
