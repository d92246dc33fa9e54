import { useEffect, useRef, useState } from "react";
import { mediaTypeOf } from "../../format/body-kind.ts";

/** A raster image from a blob of the declared raster type: a browser decodes it and runs nothing in it. */
export function ImageView({ bytes, contentType }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string | null }) {
  const image = useRef<HTMLImageElement>(null);
  const [facts, setFacts] = useState("");
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([bytes], { type: mediaTypeOf(contentType) }));
    if (image.current) image.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [bytes, contentType]);
  return (
    <figure className="image-view">
      <img
        ref={image}
        alt="The event's body"
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setFacts(`${naturalWidth} × ${naturalHeight} pixels`)}
        onError={() => setFacts("The bytes are not an image of the type they say. See them as hex.")}
      />
      <figcaption>{facts}</figcaption>
    </figure>
  );
}
