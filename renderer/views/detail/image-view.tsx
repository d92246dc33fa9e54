import { useEffect, useState } from "react";
import { mediaTypeOf } from "../../format/body-kind.ts";

/** A raster image from a blob of the declared raster type: a browser decodes it and runs nothing in it. */
export function ImageView({ bytes, contentType }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string | null }) {
  const [url, setUrl] = useState<string | null>(null);
  const [facts, setFacts] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: mediaTypeOf(contentType) }));
    setUrl(made);
    setFacts("");
    return () => URL.revokeObjectURL(made);
  }, [bytes, contentType]);
  return (
    <figure className="image-view">
      {url && (
        <img
          src={url}
          alt="The event's body"
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setFacts(`${naturalWidth} × ${naturalHeight} pixels`)}
          onError={() => setFacts("The bytes are not an image of the type they say. See them as hex.")}
        />
      )}
      <figcaption>{facts}</figcaption>
    </figure>
  );
}
