namespace Ticketing.Contracts;

/// <summary>Between the API's decimal amounts and the minor units (cents) in which money is kept.</summary>
public static class Money
{
    /// <summary>The amount in minor units, or null if it has more than 2 decimals or does not fit.</summary>
    /// <param name="amount">In units of the currency, e.g. 19.99.</param>
    public static long? ToMinorUnits(decimal amount)
    {
        if (Math.Abs(amount) > long.MaxValue / 1000m)
            return null;
        var minor = amount * 100m;
        return minor == decimal.Truncate(minor) ? (long)minor : null;
    }

    /// <summary>The amount in units of the currency, with exactly 2 decimals.</summary>
    /// <param name="minor">In minor units, e.g. 1999.</param>
    public static decimal FromMinorUnits(long minor) => decimal.Divide(minor, 100m) + 0.00m;
}
