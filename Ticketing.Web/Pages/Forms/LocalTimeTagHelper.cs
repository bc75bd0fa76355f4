using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Ticketing.Web.Languages;

namespace Ticketing.Web.Pages.Forms;

/// <summary>
/// A time in the visitor's own zone: <c>&lt;local-time at="..." /&gt;</c>. The page says it in UTC; a script puts it in
/// the visitor's zone and words.
/// </summary>
[HtmlTargetElement("local-time", TagStructure = TagStructure.WithoutEndTag)]
public sealed class LocalTimeTagHelper : TagHelper
{
    /// <summary>The moment.</summary>
    public DateTimeOffset At { get; set; }

    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        output.Attributes.SetAttribute("data-local-time", "");
        output.Content.SetContent(At.UtcDateTime.ToString(Texts.Shared("ddd d MMM yyyy, HH:mm 'UTC'"), CultureInfo.CurrentCulture));
    }
}
