namespace Ticketing.ApiDefaults;

/// <summary>One entry of a problem's <c>errors</c>.</summary>
/// <param name="Message">What is wrong and what to do, for people.</param>
/// <param name="Field">The JSON field that it is about; only on validation errors.</param>
public sealed record ApiError(string Message, string? Field = null);

/// <summary>Collects what is wrong with a request, so that the client learns all of it at once.</summary>
public sealed class ValidationErrors
{
    private const string NoId = "This is no id: an id looks like 01980000-0000-7000-8000-000000000000.";

    private readonly List<ApiError> errors = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool None => errors.Count == 0;

    /// <summary>All that is wrong, in the order in which it was found.</summary>
    public IReadOnlyList<ApiError> All => errors;

    /// <summary>Notes that a field is wrong.</summary>
    /// <param name="field">The field, as JSON spells it.</param>
    /// <param name="message">What is wrong and what would be right.</param>
    public void Add(string field, string message) => errors.Add(new ApiError(message, field));

    /// <summary>The id that a field holds. If it holds none that is noted, by every service in the same words.</summary>
    /// <param name="value">What was sent; null for nothing.</param>
    /// <param name="field">The field, as JSON spells it.</param>
    public Guid RequireId(string? value, string field)
    {
        Require(Guid.TryParseExact(value, "D", out var id), field, NoId);
        return id;
    }

    /// <summary>Notes that a field is wrong unless it holds what it must.</summary>
    /// <param name="holds">Whether the field is right.</param>
    /// <param name="field">The field, as JSON spells it.</param>
    /// <param name="message">What is wrong and what would be right.</param>
    public void Require(bool holds, string field, string message)
    {
        if (!holds)
            Add(field, message);
    }
}
