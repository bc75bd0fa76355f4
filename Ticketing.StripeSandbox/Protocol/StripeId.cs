using System.Security.Cryptography;
using Stripe.Checkout;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>
/// Stripe's ids: a prefix for the type, then 24 letters and digits. The first 10 count up from the time of the start, so that
/// ids sort by their creation, and new ones lie together in an index.
/// </summary>
internal static class StripeId
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly Dictionary<Type, string> Prefixes = new()
    {
        [typeof(PaymentIntent)] = "pi_",
        [typeof(PaymentMethod)] = "pm_",
        [typeof(Charge)] = "ch_",
        [typeof(Refund)] = "re_",
        [typeof(Session)] = "cs_test_",
        [typeof(LineItem)] = "li_",
        [typeof(WebhookEndpoint)] = "we_",
        [typeof(Event)] = "evt_",
    };

    private static long last = TimeProvider.System.GetUtcNow().Ticks;

    public static string Prefix<T>() => Prefixes[typeof(T)];

    /// <summary>Stripe's name for a type, as in the field <c>object</c>.</summary>
    public static string TypeName<T>() => Names<T>.Value;

    public static string New<T>() => New(Prefix<T>());

    public static string New(string prefix) => string.Create(prefix.Length + 24, prefix, static (id, prefix) =>
    {
        prefix.CopyTo(id);
        RandomNumberGenerator.GetItems(Alphabet, id[^14..]);
        var time = Interlocked.Increment(ref last);
        for (var i = id.Length - 15; i >= prefix.Length; i--, time /= Alphabet.Length)
            id[i] = Alphabet[(int)(time % Alphabet.Length)];
    });

    private static class Names<T>
    {
        public static readonly string Value = StripeTypeRegistry.ObjectsToTypes.First(pair => pair.Value == typeof(T)).Key;
    }
}
