namespace Ticketing.LocalHosting;

/// <summary>A value from outside: from configuration <c>Parameters:name</c>, or a default.</summary>
/// <param name="name">In an environment variable a <c>-</c> in it may be written <c>_</c>.</param>
/// <param name="callback">Gives the value when the application starts; gets the default.</param>
/// <param name="secret">Whether it must not be shown.</param>
public sealed class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IValueProvider
{
    private string? value;

    /// <summary>Whether it must not be shown.</summary>
    public bool Secret { get; } = secret;

    /// <summary>What stands in when configuration has no value.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>The value that deployment files may hold, where there is one.</summary>
    internal string? PublishedDefault { get; init; }

    /// <inheritdoc/>
    /// <exception cref="LocalHostingException">It has neither a value nor a default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        new(value ??= callback(Default));
}

/// <summary>Where a parameter's default comes from.</summary>
public abstract class ParameterDefault
{
    /// <summary>The default value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A generated secret.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>How many characters it has at least; 0: 32 of them.</summary>
    public int MinLength { get; set; }

    /// <summary>Whether it may hold characters other than letters and digits. The ones made here never do.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc/>
    public override string GetDefaultValue() => Servers.SecretFile.Generate(Math.Max(MinLength, 32));
}
