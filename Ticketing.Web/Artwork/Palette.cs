namespace Ticketing.Web.Artwork;

/// <summary>Colours that go well together, on a light page and on a dark one.</summary>
/// <param name="Ground">Behind everything.</param>
/// <param name="Colours">Four to draw with.</param>
internal sealed record Palette(string Ground, params IReadOnlyList<string> Colours)
{
    public static IReadOnlyList<Palette> All { get; } =
    [
        new("#2b1a6b", "#ff5d73", "#ffb347", "#7c5cff", "#f8e9ff"),
        new("#0c3b4d", "#ffd166", "#ef476f", "#12b5a6", "#e9fbf7"),
        new("#f25c3b", "#ffd9a0", "#7a1f5c", "#ffb03b", "#fff3df"),
        new("#14213d", "#fca311", "#5fa8ff", "#e5383b", "#eef2ff"),
        new("#5b1865", "#ff8fab", "#ffc857", "#3d5afe", "#ffeaf3"),
        new("#0f4c3a", "#b9f18c", "#ffcf56", "#2a9d6f", "#f3ffe3"),
        new("#f2b134", "#ed553b", "#173f5f", "#3caea3", "#fff6dd"),
        new("#c2185b", "#ffe066", "#4a148c", "#ff7aa8", "#fff0f6"),
        new("#1f3bd1", "#ff6b4a", "#9ad1ff", "#ffe45e", "#eef4ff"),
        new("#23202f", "#e4ff54", "#8f7bff", "#ff7a59", "#f5f3ff"),
    ];
}
