using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ticketing.LocalHosting;

/// <summary>A text with values in it that are known only once the application runs, such as ports and passwords.</summary>
public sealed class ReferenceExpression : IValueProvider, IValueWithReferences
{
    private ReferenceExpression(string format, IReadOnlyList<IValueProvider> valueProviders)
    {
        Format = format;
        ValueProviders = valueProviders;
    }

    /// <summary>The text as a composite format: <c>{0}</c> for the first value; literal braces are doubled.</summary>
    public string Format { get; }

    /// <summary>The values, in their order in the text.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <inheritdoc/>
    public IEnumerable<object> References => ValueProviders;

    /// <summary>
    /// Makes an expression of an interpolated string:
    /// <c>ReferenceExpression.Create($"Port={endpoint};Password={parameter}")</c>.
    /// </summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.ToExpression();

    /// <inheritdoc/>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = await ValueProviders[i].GetValueAsync(cancellationToken);
        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <summary>Takes an interpolated string apart into text and values.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler
    {
        private readonly StringBuilder format;
        private readonly List<IValueProvider> values;

        /// <summary>Called by the compiler.</summary>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
        {
            format = new(literalLength + (3 * formattedCount));
            values = new(formattedCount);
        }

        /// <summary>Called by the compiler.</summary>
        public void AppendLiteral(string value) =>
            format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        /// <summary>A text that is known already.</summary>
        public void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        /// <summary>A value.</summary>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider
        {
            format.Append(CultureInfo.InvariantCulture, $"{{{values.Count}}}");
            values.Add(valueProvider);
        }

        /// <summary>The value of a resource.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider => AppendFormatted(valueProvider.Resource);

        internal ReferenceExpression ToExpression() => new(format.ToString(), values);
    }
}
